import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { lstat, readdir, readFile, readlink, realpath } from "node:fs/promises";
import * as path from "node:path";
import { pipeline } from "node:stream/promises";
import ignore from "@balena/dockerignore";
import { modeString } from "./fileMode";

/** The name under which the Dockerfile counts, whatever its own is. */
const DOCKERFILE = "Dockerfile";

/**
 * A digest of all that a build can see, the same that the real plugin keeps in the state: of the
 * Dockerfile, which may lie outside the context, and of the path, mode and content of every file of the
 * context that `.dockerignore` lets through. Times and owners do not count, so that a fresh checkout has
 * the same digest.
 *
 * @returns SHA-256, hexadecimal
 * @throws when the context is no folder, a file cannot be read or a link leads nowhere
 * @see hashContext of pulumi-docker's provider/provider.go
 */
export async function hashContext(context: string, dockerfile: string): Promise<string> {
  const isIncluded = await readIgnoreRules(context, dockerfile);
  const digest = createHash("sha256");
  digest.update(entry(DOCKERFILE, modeString(0), await contentDigest(dockerfile)));
  for (const name of (await walk(context, "")).filter(isIncluded)) {
    const file = path.join(context, name);
    const status = await lstat(file);
    const content = status.isSymbolicLink() ? await targetDigest(file) : await contentDigest(file);
    digest.update(entry(name, modeString(status.mode), content));
  }
  return digest.digest("hex");
}

function entry(name: string, mode: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(name + mode), content, Buffer.from([0])]);
}

/** Rules beside the Dockerfile, if there are any, take the place of those of the context. */
async function readIgnoreRules(
  context: string,
  dockerfile: string,
): Promise<(name: string) => boolean> {
  const files = [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")];
  for (const file of files) {
    const rules = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return undefined;
      throw error;
    });
    if (rules !== undefined) {
      return ignore()
        .add(rules.replace(/^\uFEFF/, ""))
        .createFilter();
    }
  }
  return () => true;
}

/**
 * Every file and symbolic link below the folder, in the order of the names in each folder. Excluded
 * folders are walked too: `!` can bring files back.
 */
async function walk(root: string, folder: string): Promise<string[]> {
  const items = await readdir(path.join(root, folder), { withFileTypes: true });
  items.sort((left, right) => Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)));
  const found: string[] = [];
  for (const item of items) {
    const name = folder === "" ? item.name : `${folder}/${item.name}`;
    if (item.isDirectory()) found.push(...(await walk(root, name)));
    else if (item.isFile() || item.isSymbolicLink()) found.push(name);
  }
  return found;
}

async function contentDigest(file: string): Promise<Buffer> {
  const content = createHash("sha256");
  await pipeline(fs.createReadStream(file), content);
  return content.digest();
}

/** A link counts as the path where it ends: relative to the working folder, unless either is absolute. */
async function targetDigest(link: string): Promise<Buffer> {
  const target = await realpath(link);
  const isAbsolute = path.isAbsolute(link) || path.isAbsolute(await readlink(link));
  const shown = isAbsolute ? target : path.relative(await realpath("."), target);
  return createHash("sha256").update(shown).digest();
}
