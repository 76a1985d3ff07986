import * as fs from "node:fs";
import * as path from "node:path";
import * as v from "valibot";
import { message } from "../config/schema";
import { readContentFile, readContentFiles, type ContentFile } from "../files/contentFiles";
import { CondaFileError, parseCondaFile } from "./condaFile";
import { inspectScoreScriptFile } from "./scoreScript";

type Context<T = string> = v.RawTransformContext<T>;

/** What to do where the entry script is wrong. */
export const NAME_THE_SCRIPT = "name the Python script with init() and run(raw_data)";
/** What to do where the conda file is wrong. */
export const NAME_THE_CONDA_FILE =
  "name a conda environment file such as myenv.yml, with a list of dependencies";

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

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

/** A conda file, and the Python that it asks for; undefined where it names none. */
interface Environment {
  readonly file: ContentFile;
  readonly pythonVersion: string | undefined;
}

function readEnvironment({ dataset, addIssue, NEVER }: Context): Environment {
  try {
    const { pythonVersion } = parseCondaFile(fs.readFileSync(dataset.value, "utf8"));
    return { file: readContentFile(dataset.value), pythonVersion };
  } catch (error) {
    if (!(error instanceof CondaFileError)) throw error;
    const rule = `must be a conda environment file; this one ${error.message}`;
    addIssue({ message: message(rule, NAME_THE_CONDA_FILE) });
    return NEVER;
  }
}

/** Reads the conda file. */
export function condaEnvironment() {
  return [file(NAME_THE_CONDA_FILE), v.rawTransform(readEnvironment)] as const;
}

function readBeside({ dataset, addIssue }: Context<readonly string[]>): readonly ContentFile[] {
  return dataset.value.flatMap((named) => {
    if (!fs.existsSync(named)) {
      const rule = `must name files or folders; there is no "${named}"`;
      addIssue({ message: message(rule, "fix the path") });
      return [];
    }
    const folder = isFile(named) ? "" : `${path.basename(path.resolve(named))}/`;
    return readContentFiles(named).map((found) => ({ ...found, name: `${folder}${found.name}` }));
  });
}

/** Reads the files and folders that lie beside the entry script. */
export function filesBesideScript() {
  return v.rawTransform(readBeside);
}
