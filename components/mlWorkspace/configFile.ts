import * as fs from "node:fs";
import * as path from "node:path";
import * as v from "valibot";
import { isEntries } from "../config/entries";
import { message } from "../config/schema";
import { isFile } from "../files/contentFiles";

/** Where an existing workspace is. */
export interface WorkspaceReference {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly workspaceName: string;
}

const REMEDY =
  "download config.json from the workspace's page in the Azure portal, or write it with these three fields";

type Context = v.RawTransformContext<string>;

function readJson(text: string, fault: (rule: string) => void): unknown {
  try {
    // Editors on Windows put a byte order mark in front.
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    fault(`must name a JSON file; ${error.message}`);
    return undefined;
  }
}

/** Folders that `from_config()` looks into, beside the one it is told, in its order. */
const FOLDERS = [".azureml", "aml_config", "."];
const FILE = "config.json";

/** A folder and all above it. */
function upwards(folder: string): readonly string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...upwards(parent)];
}

/**
 * The file that `from_config()` of both SDKs finds from a folder.
 *
 * @see https://learn.microsoft.com/python/api/azure-ai-ml/azure.ai.ml.mlclient#azure-ai-ml-mlclient-from-config
 */
function found(start: string): string | undefined {
  const candidates = FOLDERS.flatMap((folder) =>
    upwards(path.resolve(start)).map((above) => path.join(above, folder, FILE)),
  );
  const file = candidates.find(isFile);
  return file === undefined ? undefined : path.relative(".", file);
}

function isFolder(place: string): boolean {
  return fs.statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The file that a path means; where none is written, `from_config()` searches likewise. */
function fileOf(written: string): string {
  if (isFolder(written)) return found(written) ?? path.join(written, FILE);
  return written === FILE && !isFile(FILE) ? (found(".") ?? FILE) : written;
}

function readReference({ dataset, addIssue, NEVER }: Context): WorkspaceReference {
  const file = fileOf(dataset.value);
  const fault = (rule: string): void => addIssue({ message: message(rule, REMEDY) });
  if (!isFile(file)) {
    fault(`must name a file; there is no "${file}"`);
    return NEVER;
  }
  const content = readJson(fs.readFileSync(file, "utf8"), fault);
  if (content === undefined) return NEVER;
  const field = (name: string): string => {
    const value = isEntries(content) ? content[name] : undefined;
    if (typeof value === "string" && value !== "") return value;
    fault(`"${file}" must have the string field "${name}"`);
    return NEVER;
  };
  return {
    subscriptionId: field("subscription_id"),
    resourceGroupName: field("resource_group"),
    workspaceName: field("workspace_name"),
  };
}

/** Reads the `config.json` that `Workspace.from_config()` of the SDK v1 reads. */
export function workspaceReference() {
  return v.rawTransform(readReference);
}
