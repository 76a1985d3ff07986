import * as fs from "node:fs";
import * as path from "node:path";
import { BrokenLinkError, readContentFiles, type ContentFile } from "../../files/contentFiles";
import { CondaFileError } from "./condaFile";

const INCLUDE = /^(?:-r|--requirement|-c|--constraint)(?:[\s=]+|(?=\S))(\S+)/;
const FOLDER_OF_WHEELS = /^(?:-f|--find-links)(?:[\s=]+|(?=\S))(\S+)/;
const EDITABLE = /^(?:-e|--editable)(?:[\s=]+)/;
const ARCHIVE = /\.(?:whl|zip|tar\.gz|tar\.bz2)$/;
const URL = /(?:^|@\s*)(?!file:)[a-z][a-z+]*:\/\//i;

/** A file or folder of the user's that a line of pip names. */
interface Reference {
  readonly path: string;
  /** A requirements file, whose lines name others; a folder for `--find-links`; a wheel or a project. */
  readonly kind: "listing" | "wheels" | "package";
}

/** What a line names; undefined for packages of an index, URLs, and options without a file. */
function referenceOf(line: string): Reference | undefined {
  const included = INCLUDE.exec(line)?.[1];
  if (included !== undefined) return local(included, "listing");
  const folder = FOLDER_OF_WHEELS.exec(line)?.[1];
  if (folder !== undefined) return local(folder, "wheels");
  if (line.startsWith("-") && !EDITABLE.test(line)) return undefined;
  const bare = line.replace(EDITABLE, "").replace(/\s+(?:;|--|#).*$/, "");
  if (URL.test(bare)) return undefined;
  const target = /^[\w.-]+\s*(?:\[[^\]]*\])?\s*@\s*file:(?:\/\/)?(.+)$/.exec(bare)?.[1];
  const written = (target ?? bare.replace(/^file:(?:\/\/)?/, "")).replace(/\[[^\]]*\]$/, "").trim();
  const isPath = /^\.{0,2}\//.test(written) || /^\.{1,2}$/.test(written) || ARCHIVE.test(written);
  return target !== undefined || isPath ? local(written, "package") : undefined;
}

function local(written: string, kind: Reference["kind"]): Reference | undefined {
  return URL.test(written) ? undefined : { path: written, kind };
}

/**
 * Path from the folder that pip runs in, as pip finds it: other listings beside the one that names
 * them, packages from pip's folder, and folders of wheels in either.
 */
function placeOf({ path: written, kind }: Reference, home: string, from: string): string {
  const beside = path.join(from, written);
  const isBeside =
    kind === "listing" || (kind === "wheels" && fs.existsSync(path.join(home, beside)));
  return isBeside ? beside : path.normalize(written);
}

/** Lines of a requirements file, without comments; a backslash joins a line to the next one. */
function linesOf(file: string): readonly string[] {
  const text = fs.readFileSync(file, "utf8").replaceAll(/\\\r?\n/g, " ");
  const lines = text.split(/\r?\n/).map((line) => line.replace(/(^|\s)#.*$/, "").trim());
  return lines.filter((line) => line !== "");
}

/**
 * Files and folders that lines name, by their paths from the folder that pip runs in.
 *
 * @param from folder of the file that has the lines: other listings are named from there.
 */
function collect(lines: readonly string[], home: string, from: string, found: Set<string>): void {
  for (const line of lines) {
    const reference = referenceOf(line);
    if (reference === undefined) continue;
    if (path.isAbsolute(reference.path)) {
      const rule = `names "${reference.path}" for pip, which is on this machine alone`;
      throw new CondaFileError(rule, "write a path from the folder of the conda file");
    }
    const place = placeOf(reference, home, from);
    const source = path.join(home, place);
    if (!fs.existsSync(source)) {
      const rule = `names "${reference.path}" for pip, and there is no "${source}"`;
      throw new CondaFileError(rule, "fix the path, or make the file");
    }
    if (found.has(place)) continue;
    found.add(place);
    if (reference.kind === "listing") collect(linesOf(source), home, path.dirname(place), found);
  }
}

/** How many folders a path leads up. */
function depthOf(place: string): number {
  return place.split(path.sep).filter((part) => part === "..").length;
}

function filesAt(place: string, home: string, depth: number): readonly ContentFile[] {
  const parts = place.split(path.sep);
  const down = parts.filter((part) => part !== ".." && part !== ".");
  const folder = ["files", ...Array<string>(depth - depthOf(place)).fill("_"), ...down].join("/");
  const source = path.join(home, place);
  try {
    const files = readContentFiles(source);
    if (!fs.statSync(source).isDirectory()) return files.map((f) => ({ ...f, name: folder }));
    return files.map((file) => ({ ...file, name: `${folder}/${file.name}` }));
  } catch (error) {
    if (!(error instanceof BrokenLinkError)) throw error;
    throw new CondaFileError(`names "${place}" for pip; ${error.message}`, "fix the link");
  }
}

/**
 * Files of the user's that the `pip` section names: other requirements files, wheels, folders. They
 * lie in the build context as here, seen from the conda file, with a folder `_` for each one above.
 *
 * @throws CondaFileError for what is not there, or cannot be there in the build.
 */
export function pipFiles(pip: readonly string[], condaFile: ContentFile): readonly ContentFile[] {
  const home = path.dirname(condaFile.source);
  const found = new Set<string>();
  collect(pip, home, ".", found);
  if (found.size === 0) return [];
  const depth = Math.max(...[...found].map(depthOf));
  const own = ["files", ...Array<string>(depth).fill("_"), "myenv.yml"].join("/");
  const files = [...found].flatMap((place) => filesAt(place, home, depth));
  // Named twice, as by a folder and a file in it, a file has one place all the same.
  return [...new Map([{ ...condaFile, name: own }, ...files].map((f) => [f.name, f])).values()];
}
