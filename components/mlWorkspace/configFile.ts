import * as fs from "node:fs";
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

function readReference({ dataset, addIssue, NEVER }: Context): WorkspaceReference {
  const file = dataset.value;
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
