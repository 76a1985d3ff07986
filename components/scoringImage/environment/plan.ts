import type { CondaFile } from "./condaFile";
import { debianPackage, isReplaced, needsChannel, requirement } from "./equivalents";
import type { MatchSpec } from "./matchSpec";
import { choosePython } from "./pythonVersion";

/** Where conda packages come from. */
export const PACKAGE_SOURCES = ["channels", "pypi"] as const;

export type PackageSource = (typeof PACKAGE_SOURCES)[number];

/** What the build will install: the same that `server/conda_environment/plan.py` decides. */
export interface EnvironmentPlan {
  /** Minor version of the base image's Python; undefined where a channel brings Python. */
  readonly python?: string;
  /** Lines of a requirements file for pip. */
  readonly requirements: readonly string[];
  readonly debian: readonly string[];
  /** Packages from channels; empty where pip alone installs. */
  readonly specs: readonly MatchSpec[];
}

/** Name of a requirement as PyPI compares them; empty for options, paths and URLs. */
function requirementName(line: string): string {
  const name = /^([a-z\d][\w.-]*)\s*(?:[[;<>=!~@(]|\s--|$)/i.exec(line)?.[1] ?? "";
  return name.replaceAll(/[-_.]+/g, "-").toLowerCase();
}

/**
 * Plans what a file leads to, for code that imports nothing of `azureml`.
 *
 * @param base minor version of the base image's Python, where it is known.
 * @throws CondaFileError for what cannot be served.
 */
export function planEnvironment(
  { specs, pip }: CondaFile,
  packages: PackageSource,
  base?: string,
): EnvironmentPlan {
  const wanted = specs.filter(({ name }) => !isReplaced(name));
  const lines = pip.filter((line) => !isReplaced(requirementName(line)));
  const fromChannel = packages === "channels" && wanted.some(needsChannel);
  const python = choosePython(specs, fromChannel ? undefined : base);
  if (fromChannel) return { requirements: lines, debian: [], specs: wanted };
  const translated = wanted.filter(({ name }) => name !== "pip").map(requirement);
  return {
    python,
    requirements: [...translated.filter((line) => line !== undefined), ...lines],
    debian: wanted.map(debianPackage).filter((name) => name !== undefined),
    specs: [],
  };
}
