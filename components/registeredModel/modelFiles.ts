import * as fs from "node:fs";
import * as path from "node:path";
import * as v from "valibot";
import { message } from "../config/schema";
import {
  BrokenLinkError,
  LinkLoopError,
  readContentFiles,
  type ContentFile,
} from "../files/contentFiles";

/** Why the files of a model cannot be used; undefined when they can. */
function faultOf(files: readonly ContentFile[]): string | undefined {
  const [first] = files;
  if (first === undefined) {
    return message("must not be a folder without files", "put the model's files into it");
  }
  // An empty __init__.py or marker is usual beside other files; an empty model is not.
  return files.every(({ size }) => size === 0)
    ? message(`must not be empty; "${first.name}" has no content`, "train the model again")
    : undefined;
}

/** What lies behind the path of a model. */
export interface ModelContent {
  /** The folder's own name, where the path is one. */
  readonly folder?: string;
  readonly files: readonly ContentFile[];
}

function contentOf(place: string, files: readonly ContentFile[]): ModelContent {
  if (!fs.statSync(place).isDirectory()) return { files };
  return { folder: path.basename(path.resolve(place)), files };
}

function readModel({ dataset, addIssue, NEVER }: v.RawTransformContext<string>): ModelContent {
  if (!fs.existsSync(dataset.value)) {
    const rule = "must name a file or folder that exists";
    addIssue({ message: message(rule, "train the model, or fix the path") });
    return NEVER;
  }
  try {
    const files = readContentFiles(dataset.value);
    const fault = faultOf(files);
    if (fault !== undefined) addIssue({ message: fault });
    return contentOf(dataset.value, files);
  } catch (error) {
    if (!(error instanceof BrokenLinkError)) throw error;
    const rule = `must be complete; ${error.message}`;
    const remedy = error instanceof LinkLoopError ? "remove the link" : "fetch the model's content";
    addIssue({ message: message(rule, remedy) });
    return NEVER;
  }
}

/** Reads the files behind the path of a model. */
export function modelFiles() {
  return v.rawTransform(readModel);
}
