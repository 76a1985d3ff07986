import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** One file that goes into a model or an image, with what identifies its content. */
export interface ContentFile {
  /** Path below the folder it was found in, with forward slashes; a single file's own name. */
  readonly name: string;
  /** Where it is on this machine. */
  readonly source: string;
  /** Length in bytes. */
  readonly size: number;
  /** SHA-256 of the content, in hexadecimal. */
  readonly sha256: string;
}

const CHUNK = 4 * 1024 * 1024;

/** SHA-256 of a file in hexadecimal, read in pieces: models are larger than memory should hold. */
export function sha256OfFile(file: string): string {
  const hash = createHash("sha256");
  const descriptor = fs.openSync(file, "r");
  try {
    // Many services are of many small files, each of which would ask for a piece of memory of its own.
    const size = Math.min(CHUNK, fs.fstatSync(descriptor).size + 1);
    const buffer = Buffer.allocUnsafe(size);
    for (;;) {
      const length = fs.readSync(descriptor, buffer, 0, size, null);
      if (length === 0) return hash.digest("hex");
      hash.update(buffer.subarray(0, length));
    }
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A link whose content is not there, as data-versioning tools leave it until they fetch it. */
export class BrokenLinkError extends Error {}

/** A link to a folder that holds the link itself: following it would never end. */
export class LinkLoopError extends BrokenLinkError {}

// What interpreters, editors and version control leave in folders. It is never part of the content,
// so that importing a file on this machine changes no tag.
const DROPPINGS = new Set([
  "__pycache__",
  ".DS_Store",
  ".git",
  ".ipynb_checkpoints",
  ".mypy_cache",
  ".pytest_cache",
  ".ruff_cache",
  "Thumbs.db",
]);

/** @param above real paths of the folder and those that lead to it, by which loops are found. */
function filesBelow(folder: string, above: readonly string[] = [], prefix = ""): string[] {
  const own = fs.realpathSync(folder);
  if (above.includes(own)) {
    throw new LinkLoopError(`the link "${folder}" leads back to a folder that holds it`);
  }
  const chain = [...above, own];
  const names = fs.readdirSync(folder).filter((name) => !DROPPINGS.has(name));
  return names.flatMap((entry) => {
    const name = `${prefix}${entry}`;
    // Links are followed: data-versioning tools keep models behind them.
    const file = path.join(folder, entry);
    const found = fs.statSync(file, { throwIfNoEntry: false });
    if (found === undefined) throw new BrokenLinkError(`the link "${file}" leads nowhere`);
    if (found.isDirectory()) return filesBelow(file, chain, `${name}/`);
    return found.isFile() ? [name] : [];
  });
}

/** True for a path that is there and is a file, or a link to one. */
export function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function contentFile(name: string, source: string): ContentFile {
  return { name, source, size: fs.statSync(source).size, sha256: sha256OfFile(source) };
}

/** One file, under its own name. */
export function readContentFile(file: string): ContentFile {
  return contentFile(path.basename(file), file);
}

/**
 * Files behind a path that is one file or a folder, sorted by name so that equal content is equal
 * everywhere.
 *
 * @returns an empty list for a folder without any file.
 * @throws BrokenLinkError for a link in the folder that leads nowhere, LinkLoopError for one that
 * leads back up.
 */
export function readContentFiles(fileOrFolder: string): readonly ContentFile[] {
  if (isFile(fileOrFolder)) return [readContentFile(fileOrFolder)];
  const names = filesBelow(fileOrFolder).sort();
  return names.map((name) => contentFile(name, path.join(fileOrFolder, name)));
}

/**
 * Digest of everything that something is made from, in hexadecimal: plain values, in their order, and
 * files by name and content, in any order.
 */
export function inputsDigest(values: readonly unknown[], files: readonly ContentFile[]): string {
  const hash = createHash("sha256").update(JSON.stringify(values));
  for (const { name, sha256 } of [...files].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`${name}\0${sha256}\n`);
  }
  return hash.digest("hex");
}
