import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { lstat, readdir, readFile, readlink } from "node:fs/promises";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import ignore from "@balena/dockerignore";

interface Entry {
  /** Path from the context, with forward slashes. */
  name: string;
  file: string;
}

/**
 * A digest of all that a build can see: relative path, mode and content of every file of the context that
 * `.dockerignore` lets through, and of the Dockerfile, which may lie outside. Times and owners do not
 * count, so that a fresh checkout has the same digest.
 *
 * @returns SHA-256, hexadecimal
 * @throws when the context is no folder or a file cannot be read
 */
export async function hashContext(context: string, dockerfile: string): Promise<string> {
  const isIncluded = await readIgnoreRules(context);
  const entries = (await walk(context, "")).filter(({ name }) => isIncluded(name));
  const relativeDockerfile = path.relative(context, dockerfile).split(path.sep).join("/");
  if (!entries.some(({ name }) => name === relativeDockerfile)) {
    entries.push({ name: relativeDockerfile, file: dockerfile });
  }
  entries.sort((left, right) => (left.name < right.name ? -1 : 1));
  const digest = createHash("sha256");
  for (const { name, file } of entries) {
    digest.update(`${name}\0${await describe(file)}\0`);
  }
  return digest.digest("hex");
}

async function readIgnoreRules(context: string): Promise<(name: string) => boolean> {
  const rules = await readFile(path.join(context, ".dockerignore"), "utf8").catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    },
  );
  return ignore()
    .add(rules.replace(/^\uFEFF/, ""))
    .createFilter();
}

/** Every file and symbolic link below the folder. Excluded folders are walked too: `!` can bring files back. */
async function walk(root: string, folder: string): Promise<Entry[]> {
  const found: Entry[] = [];
  for (const item of await readdir(path.join(root, folder), { withFileTypes: true })) {
    const name = folder === "" ? item.name : `${folder}/${item.name}`;
    if (item.isDirectory()) {
      found.push(...(await walk(root, name)));
    } else if (item.isFile() || item.isSymbolicLink()) {
      found.push({ name, file: path.join(root, name) });
    }
  }
  return found;
}

async function describe(file: string): Promise<string> {
  const { mode } = await lstat(file);
  const content = createHash("sha256");
  // The kind of the file is part of its mode.
  if ((await lstat(file)).isSymbolicLink()) content.update(await readlink(file));
  else await pipeline(fs.createReadStream(file), content);
  return `${mode.toString(8)} ${content.digest("hex")}`;
}
