import { Version, VersionSpec } from "@conda-org/rattler";
import { CondaFileError } from "./condaFile";
import type { MatchSpec } from "./matchSpec";

/** Minor versions on which the server's worker runs, newest first. */
export const SUPPORTED_PYTHONS = ["3.14", "3.13", "3.12", "3.11", "3.10", "3.9", "3.8"] as const;
/** What a file gets that does not say. */
const DEFAULT_PYTHON = "3.11";
// No minor version of Python 3 has had more patch releases than 23.
const PATCH_RELEASES = Array.from({ length: 40 }, (_, patch) => patch);

function satisfies(minor: string, specs: readonly MatchSpec[]): boolean {
  const wanted = specs.map(({ version }) => new VersionSpec(version, "lenient"));
  return PATCH_RELEASES.some((patch) =>
    wanted.every((spec) => spec.matches(new Version(`${minor}.${patch}`))),
  );
}

/** The Python of a base image, where its name says it: `3.11` of `python:3.11-slim-bookworm`. */
export function pythonOf(baseImage: string): string | undefined {
  return /(?:^|\/)python:(\d+\.\d+)/.exec(baseImage)?.[1];
}

/**
 * The newest supported minor version of which some patch release satisfies what a file asks for.
 *
 * @param base the minor version of the base image, where it is known; it must be the one then.
 * @throws CondaFileError when none is left.
 */
export function choosePython(specs: readonly MatchSpec[], base?: string): string {
  const constraints = specs.filter(({ name, version }) => name === "python" && version !== "");
  const isSupported = SUPPORTED_PYTHONS.some((minor) => minor === base);
  if (constraints.length === 0 && (base === undefined || isSupported)) {
    return base ?? DEFAULT_PYTHON;
  }
  const candidates = SUPPORTED_PYTHONS.filter((minor) => base === undefined || minor === base);
  const chosen = candidates.find((minor) => satisfies(minor, constraints));
  if (chosen !== undefined) return chosen;
  const texts = constraints.map(({ text }) => `"${text}"`).join(" and ") || "any Python";
  if (isSupported) {
    const remedy = `ask for python=${base}, or set image.baseImage to one with that Python`;
    throw new CondaFileError(`asks for ${texts}; the base image has Python ${base}`, remedy);
  }
  const [newest, oldest] = [SUPPORTED_PYTHONS[0], SUPPORTED_PYTHONS.at(-1)];
  const rule = `asks for ${texts}; Python ${oldest} to ${newest} can be served`;
  throw new CondaFileError(rule, "ask for one of these");
}
