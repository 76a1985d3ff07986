import data from "../../../server/conda_environment/equivalents.json";
import { nearest } from "../../config/nearest";
import { CondaFileError } from "./condaFile";
import type { MatchSpec } from "./matchSpec";

// The same data and rules as in `server/conda_environment/equivalents.py`.
const PYPI = new Map(Object.entries(data.pypi));
const DEBIAN = new Map(Object.entries(data.debian));
// The part of a version of PyPI's that `.*` may follow, and a whole version, PEP 440.
const RELEASE = /^\d+(?:\.\d+)*$/;
const PEP_440 = /^\d+(\.\d+)*((a|b|rc)\d+)?(\.post\d+)?(\.dev\d+)?(\+[a-z\d.]+)?$/i;

/** Whether the image's own server takes the place of a package. */
export function isReplaced(name: string): boolean {
  return data.replaced.includes(name);
}

/** Whether only a channel has the package. */
export function needsChannel({ name }: MatchSpec): boolean {
  return name !== "python" && !isReplaced(name) && !data.installers.includes(name);
}

/** The Debian package in place of one of conda; undefined where there is none. */
export function debianPackage({ name, version, text }: MatchSpec): string | undefined {
  const found = DEBIAN.get(name);
  if (found !== undefined && version !== "") {
    const rule = `asks for "${text}", whose version Debian decides here`;
    throw new CondaFileError(rule, `leave the version out, as in "${name}"`);
  }
  return found;
}

function unknown({ name, text }: MatchSpec): CondaFileError {
  const suggestion = nearest(name, [...PYPI.keys()]);
  const meant = suggestion === undefined ? "" : `write "${suggestion}" if you meant that, `;
  return new CondaFileError(
    `asks for "${text}", of which no equivalent on PyPI is known`,
    `${meant}move the package to the \`pip\` section under its name on PyPI, ` +
      "or set image.conda.packages to channels",
  );
}

/**
 * The requirement for pip.
 *
 * @returns undefined where pip has nothing to install.
 * @throws CondaFileError for a package that the map does not know, and a version that pip does not.
 */
export function requirement(spec: MatchSpec): string | undefined {
  const { name } = spec;
  if (name === "python" || data.nothing.includes(name)) return undefined;
  if (debianPackage(spec) !== undefined) return undefined;
  const own = isReplaced(name) || data.installers.includes(name);
  const pypi = own ? name : PYPI.get(name);
  if (pypi === undefined) throw unknown(spec);
  return `${pypi}${specifier(spec)}`;
}

function specifier({ name, text, version }: MatchSpec): string {
  const loose = data.looseVersions.includes(name);
  const clauses = version.split(",").filter((clause) => clause !== "" && clause !== "*");
  return clauses
    .map((clause) => {
      const translated = pipClause(clause, loose);
      if (translated !== undefined) return translated;
      const rule = `asks for "${text}", a version that pip cannot express`;
      throw new CondaFileError(rule, "write one version, or a range such as >=1.2,<2");
    })
    .join(",");
}

/** A clause of conda as one of pip: `==1.26.*` for `1.26.*`; undefined where pip has none. */
function pipClause(clause: string, loose: boolean): string | undefined {
  const [, operator = "", written = ""] = /^([<>=!~]*)(.*)$/.exec(clause) ?? [];
  const open = written.endsWith(".*");
  const version = open ? written.slice(0, -".*".length) : written;
  if (!PEP_440.test(version)) return undefined;
  if (operator === "~=" && !version.includes(".")) return undefined;
  // Pip leaves only a release open, and matches the label of a build, `+cu118`, as a whole.
  if (open && !RELEASE.test(version)) return undefined;
  if (version.includes("+") && !["==", "!="].includes(operator)) return undefined;
  if (operator === "==" && loose) return `==${version}.*`;
  return `${operator === "" ? "==" : operator}${written}`;
}
