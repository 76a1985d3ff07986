import { load, YAMLException } from "js-yaml";
import { isEntries } from "../../config/entries";
import { MatchSpecError, parseMatchSpec, type MatchSpec } from "./matchSpec";

/** What the program needs to know of a conda environment file. */
export interface CondaFile {
  readonly channels: readonly string[];
  readonly specs: readonly MatchSpec[];
  /** The `pip` section: lines of a requirements file. */
  readonly pip: readonly string[];
}

/** A conda file that cannot be used; the message completes the sentence "the conda file …". */
export class CondaFileError extends Error {
  /** What to do about it, where it is one line of the file. */
  constructor(
    message: string,
    readonly remedy?: string,
  ) {
    super(message);
  }
}

function parse(text: string): unknown {
  try {
    const content = load(text);
    refuseCycles(content, []);
    return content;
  } catch (error) {
    if (error instanceof YAMLException) throw new CondaFileError(`is not YAML: ${error.reason}`);
    throw error;
  }
}

/** An alias of YAML may stand inside the very list or mapping that it repeats. */
function refuseCycles(value: unknown, around: readonly unknown[]): void {
  if (typeof value !== "object" || value === null) return;
  if (around.includes(value)) throw new CondaFileError("has an alias inside of what it repeats");
  for (const item of Object.values(value)) refuseCycles(item, [...around, value]);
}

/** A value as it is written in YAML, on one line. */
function written(value: unknown): string {
  if (!isEntries(value)) return typeof value === "string" ? value : JSON.stringify(value);
  return Object.entries(value)
    .map(([key, item]) => `${key}: ${written(item)}`)
    .join(", ");
}

function spec(dependency: unknown): MatchSpec {
  if (isEntries(dependency)) {
    const rule = `has "${written(dependency)}" among its dependencies, which is a mapping`;
    throw new CondaFileError(rule, "write NAME=VERSION in one string");
  }
  if (typeof dependency !== "string") {
    const rule = `has a dependency that is not a string: ${written(dependency)}`;
    throw new CondaFileError(rule, "write the name of a package");
  }
  try {
    return parseMatchSpec(dependency);
  } catch (error) {
    if (!(error instanceof MatchSpecError)) throw error;
    const rule = `has the dependency "${dependency}", which conda cannot read`;
    throw new CondaFileError(rule, "write NAME, NAME=VERSION or NAME>=VERSION,<VERSION");
  }
}

function pipLines(section: unknown): readonly string[] {
  if (section === null) return [];
  if (!Array.isArray(section)) {
    const remedy = "write a list below `pip:`, one requirement an item";
    throw new CondaFileError("has a `pip` section that is not a list", remedy);
  }
  for (const line of section as readonly unknown[]) {
    if (typeof line === "string") continue;
    const rule = `has "${written(line)}" in its \`pip\` section, which is not a string`;
    throw new CondaFileError(rule, "write NAME==VERSION in one string");
  }
  // As in a requirements file, what follows a number sign is a comment.
  const lines = (section as readonly string[]).map((line) => line.replace(/(^|\s)#.*$/, "").trim());
  return lines.filter((line) => line !== "");
}

function channelsOf(channels: unknown): readonly string[] {
  if (channels === undefined || channels === null) return [];
  if (!Array.isArray(channels) || !channels.every((item) => typeof item === "string")) {
    throw new CondaFileError("has `channels` that are not a list of strings", "write a YAML list");
  }
  return (channels as readonly string[]).filter((channel) => channel !== "nodefaults");
}

/** The packages of pip in an item of `dependencies`; undefined for any other item. */
function pipSection(dependency: unknown): readonly string[] | undefined {
  const isPip = isEntries(dependency) && Object.keys(dependency).join() === "pip";
  return isPip ? pipLines(dependency.pip) : undefined;
}

/**
 * Reads a conda environment file such as `myenv.yml`.
 *
 * @throws CondaFileError when it is not YAML, lists no dependencies, or lists what conda cannot read.
 */
export function parseCondaFile(text: string): CondaFile {
  const content = parse(text);
  if (!isEntries(content) || !("dependencies" in content)) {
    throw new CondaFileError("has no `dependencies`");
  }
  const { dependencies, channels } = content;
  if (!Array.isArray(dependencies) || dependencies.length === 0) {
    throw new CondaFileError("has `dependencies` that are not a list, or an empty one");
  }
  const specs: MatchSpec[] = [];
  const pip: string[] = [];
  for (const dependency of dependencies as readonly unknown[]) {
    const lines = pipSection(dependency);
    if (lines === undefined) specs.push(spec(dependency));
    else pip.push(...lines);
  }
  return { channels: channelsOf(channels), specs, pip };
}
