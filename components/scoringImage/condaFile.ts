import { load, YAMLException } from "js-yaml";

/** What the program needs to know of a conda environment file. */
export interface CondaEnvironment {
  /** `3.11` for `python=3.11`, `python=3.11.4` or `python>=3.11`; undefined when not named. */
  readonly pythonVersion?: string;
}

/** A conda file that cannot be used; the message completes the sentence "the conda file …". */
export class CondaFileError extends Error {}

// A channel may stand in front. `<3.12` and `!=3.12` only exclude versions, so they name none.
const PYTHON_REQUIREMENT = /^(?:[^:\s]+::)?python\s*(?:={1,2}|[<>~]=|>)?\s*(\d+\.\d+)/;

function parse(text: string): unknown {
  try {
    return load(text);
  } catch (error) {
    if (error instanceof YAMLException) throw new CondaFileError(`is not YAML: ${error.reason}`);
    throw error;
  }
}

/**
 * Reads a conda environment file such as `myenv.yml`.
 *
 * @throws CondaFileError when it is not YAML or lists no dependencies.
 */
export function parseCondaFile(text: string): CondaEnvironment {
  const content = parse(text);
  if (typeof content !== "object" || content === null || !("dependencies" in content)) {
    throw new CondaFileError("has no `dependencies`");
  }
  const { dependencies } = content;
  if (!Array.isArray(dependencies) || dependencies.length === 0) {
    throw new CondaFileError("has `dependencies` that are not a list, or an empty one");
  }
  for (const dependency of dependencies as readonly unknown[]) {
    if (typeof dependency !== "string") continue;
    const version = PYTHON_REQUIREMENT.exec(dependency.trim())?.[1];
    if (version !== undefined) return { pythonVersion: version };
  }
  return {};
}
