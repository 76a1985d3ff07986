import { isPackageName, normalizePackageName, VersionSpec } from "@conda-org/rattler";

/** A conda package that a file asks for, such as `numpy>=1.26`. */
export interface MatchSpec {
  /** As written, for messages. */
  readonly text: string;
  readonly name: string;
  /** Versions in conda's canonical form, such as `1.26.*` or `>=1,<2`; empty for any. */
  readonly version: string;
}

/** What is no package of conda's grammar. */
export class MatchSpecError extends Error {}

const PACKAGE_FILE = /^[a-z]+:\/\/\S*\/([^/]+)-([^-/]+)-[^-/]+\.(?:conda|tar\.bz2)$/;
const BRACKETS = /^(.*?)\s*\[(.*)\]$/;
const PAIR = String.raw`(\w+)\s*=\s*(?:'([^']*)'|"([^"]*)"|([^,\s'"]+))`;
const PAIRS = new RegExp(String.raw`^\s*(?:${PAIR}\s*(?:,\s*${PAIR}\s*)*)?$`);
// What the library of the build knows in brackets: it refuses all other keys.
const KEYS: ReadonlySet<string> = new Set([
  ...["version", "build", "build_number", "fn", "url", "md5", "sha256", "channel", "subdir"],
  ...["license", "license_family", "track_features", "namespace", "when", "extras"],
]);
const NAME = /^([\w.-]+)(.*)$/;
const CLAUSE = String.raw`[<>=!~]{0,2}[^\s=<>!~,|]+`;
const VERSION_AND_BUILD = new RegExp(`^(${CLAUSE}(?:[,|]${CLAUSE})*)(?:(=|\\s+)(\\S+))?$`);

/**
 * Versions in canonical form, by conda's own library.
 *
 * @throws MatchSpecError when they are none.
 */
function canonical(version: string, exact: boolean): string {
  // `=1.2=build` means exactly 1.2, and `==1.2.*` the same as `=1.2`.
  const written = version
    .replace(/^==?(?=[^=]*\*$)/, "")
    .replace(/^=(?!=)/, exact && !version.endsWith("*") ? "==" : "=");
  try {
    const text = new VersionSpec(written, "lenient").toString();
    return text === "*" ? "" : text;
  } catch {
    throw new MatchSpecError();
  }
}

/**
 * Values in brackets: `version` of `[version='>=1', build=x]`.
 *
 * @throws MatchSpecError for anything else, such as the extras of pip.
 */
function bracketed(text: string): ReadonlyMap<string, string> {
  if (!PAIRS.test(text)) throw new MatchSpecError();
  const pairs = [...text.matchAll(new RegExp(PAIR, "g"))];
  if (!pairs.every(([, key = ""]) => KEYS.has(key))) throw new MatchSpecError();
  return new Map(pairs.map(([, key = "", a, b, c]) => [key, a ?? b ?? c ?? ""]));
}

/**
 * Reads a package as conda does. Its library has no reader of whole packages for JavaScript: name,
 * version and build are separated here, versions and names are read by the library.
 *
 * @throws MatchSpecError when conda cannot read it.
 */
export function parseMatchSpec(text: string): MatchSpec {
  const plain = text.replace(/#.*$/, "").trim();
  const [, fileName, fileVersion] = PACKAGE_FILE.exec(plain) ?? [];
  if (fileName !== undefined) return { text, name: fileName, version: `==${fileVersion}` };
  const [, outside = plain, inside = ""] = BRACKETS.exec(plain) ?? [];
  const [, written = "", rest = ""] = NAME.exec(outside.slice(channelLength(outside)).trim()) ?? [];
  if (!isPackageName(written)) throw new MatchSpecError();
  const name = normalizePackageName(written);
  const version = bracketed(inside).get("version");
  if (version !== undefined) return { text, name, version: canonical(version, false) };
  return { text, name, version: versionOf(rest) };
}

function channelLength(text: string): number {
  const end = text.lastIndexOf("::");
  return end < 0 ? 0 : end + 2;
}

function versionOf(rest: string): string {
  // Spaces are allowed after an operator and around a comma.
  const tight = rest
    .trim()
    .replace(/\s*([,|])\s*/g, "$1")
    .replace(/([<>=!~])\s+/g, "$1");
  if (tight === "") return "";
  const [, version, separator] = VERSION_AND_BUILD.exec(tight) ?? [];
  if (version === undefined) throw new MatchSpecError();
  return canonical(version, separator !== undefined);
}
