import * as fs from "node:fs";
import * as path from "node:path";
import { load, YAMLException } from "js-yaml";
import { isEntries } from "../../config/entries";
import { readContentFile, type ContentFile } from "../../files/contentFiles";
import { CondaFileError } from "./condaFile";

/** Where the lock of a conda file lies: `scoring/myenv.lock` beside `scoring/myenv.yml`. */
export function lockOf(condaFile: string): string {
  const { dir, name } = path.parse(condaFile);
  return path.join(dir, `${name}.lock`);
}

function inputsOf(lock: string): unknown {
  try {
    const content = load(fs.readFileSync(lock, "utf8"));
    return isEntries(content) ? content.inputs : undefined;
  } catch (error) {
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

/**
 * The lock of a conda file, for the build; none where the user has made none.
 *
 * @param inputs what a current lock is made from.
 * @throws CondaFileError for a lock that is not current.
 */
export function readLock(condaFile: ContentFile, inputs: string): readonly ContentFile[] {
  const lock = lockOf(condaFile.source);
  if (!fs.existsSync(lock)) return [];
  if (inputsOf(lock) === inputs) return [{ ...readContentFile(lock), name: "myenv.lock" }];
  const rule = `has the lock "${lock}", which was made from something else`;
  throw new CondaFileError(rule, `run \`npm run lock -- ${condaFile.source}\`, or remove the lock`);
}
