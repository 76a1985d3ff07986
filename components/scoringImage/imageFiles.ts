import * as fs from "node:fs";
import * as path from "node:path";
import * as v from "valibot";
import { message } from "../config/schema";
import {
  BrokenLinkError,
  isFile,
  readContentFile,
  readContentFiles,
  type ContentFile,
} from "../files/contentFiles";
import { CondaFileError, parseCondaFile } from "./environment/condaFile";
import type { ParsedCondaFile } from "./environment/environment";
import { inspectScoreScriptFile } from "./scoreScript";

type Context<T = string> = v.RawTransformContext<T>;

/** What to do where the entry script is wrong. */
export const NAME_THE_SCRIPT = "name the Python script with init() and run(raw_data)";
/** What to do where the conda file is wrong. */
export const NAME_THE_CONDA_FILE =
  "name a conda environment file such as myenv.yml, with a list of dependencies";

function file(remedy: string) {
  return v.check(isFile, message("must name a file that exists", remedy));
}

function readScript({ dataset, addIssue }: Context): ContentFile {
  const { syntaxError, missing } = inspectScoreScriptFile(dataset.value);
  if (syntaxError !== undefined) {
    addIssue({ message: message(`must be Python; ${syntaxError}`, "fix the script") });
  } else if (missing.length > 0) {
    const names = missing.map((name) => `${name}()`).join(" and ");
    addIssue({ message: message(`must define ${names} at its top level`, NAME_THE_SCRIPT) });
  }
  return readContentFile(dataset.value);
}

/** Reads the entry script and holds it against the contract. */
export function entryScript() {
  return [file(NAME_THE_SCRIPT), v.rawTransform(readScript)] as const;
}

function readEnvironment({ dataset, addIssue, NEVER }: Context): ParsedCondaFile {
  try {
    const content = parseCondaFile(fs.readFileSync(dataset.value, "utf8"));
    return { file: readContentFile(dataset.value), content };
  } catch (error) {
    if (!(error instanceof CondaFileError)) throw error;
    const rule = `must be a conda environment file; this one ${error.message}`;
    addIssue({ message: message(rule, error.remedy ?? NAME_THE_CONDA_FILE) });
    return NEVER;
  }
}

/** Reads the conda file. */
export function condaEnvironment() {
  return [file(NAME_THE_CONDA_FILE), v.rawTransform(readEnvironment)] as const;
}

/** Files behind one entry of `dependencies`; what is wrong with it is reported. */
function filesOf(named: string, report: (rule: string, remedy: string) => void) {
  if (!fs.existsSync(named)) {
    report(`must name files or folders; there is no "${named}"`, "fix the path");
    return [];
  }
  try {
    const folder = isFile(named) ? "" : `${path.basename(path.resolve(named))}/`;
    return readContentFiles(named).map((found) => ({ ...found, name: `${folder}${found.name}` }));
  } catch (error) {
    if (!(error instanceof BrokenLinkError)) throw error;
    report(`must be complete; ${error.message}`, "fix or remove the link");
    return [];
  }
}

function readBeside({ dataset, addIssue }: Context<readonly string[]>): readonly ContentFile[] {
  return dataset.value.flatMap((named) =>
    filesOf(named, (rule, remedy) => addIssue({ message: message(rule, remedy) })),
  );
}

/** A place and the folders that lead to it: `a`, `a/b` and `a/b/c.py`. */
function wayTo(place: string): readonly string[] {
  const parts = place.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}

/**
 * The first two files of which only one can be in the image: both have the same place, or one is
 * where the other has a folder. Undefined where there are none.
 */
export function samePlace(
  files: readonly ContentFile[],
): readonly [ContentFile, ContentFile] | undefined {
  const places = new Map(files.toReversed().map((file) => [file.name, file]));
  for (const file of files) {
    const other = wayTo(file.name)
      .map((place) => places.get(place))
      .find((found) => found !== undefined && found !== file);
    if (other !== undefined) return [other, file];
  }
  return undefined;
}

/** Reads the files and folders that lie beside the entry script. */
export function filesBesideScript() {
  return v.rawTransform(readBeside);
}
