import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";

/** The checkout this file belongs to. */
export const checkout = resolve(__dirname, "../..");

/** Lets Node run the sandbox's own scripts. */
export const scriptLoader = join(checkout, "node_modules", "sucrase", "register", "index.js");

/** The one folder with the sandbox's state and logs. */
export const stateFolder = resolve(process.env.SANDBOX_DIR ?? join(checkout, ".sandbox"));

/** What is expensive to make and the same for every checkout of this machine. */
export const cacheFolder = join(
  process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
  "azureml-aks",
);

/** A path inside the state folder. */
export function inState(...parts: string[]): string {
  return join(stateFolder, ...parts);
}

/** A path inside the cache. */
export function inCache(...parts: string[]): string {
  return join(cacheFolder, ...parts);
}

/** Writes a file by rename, so that a killed run never leaves half of one. */
export function writeWhole(path: string, content: string | Buffer, mode = 0o644): void {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, content, { mode });
  renameSync(partial, path);
}

/** Parses a JSON file; undefined when there is none. */
export function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A short name for some content: the same content gives the same name. */
export function contentKey(...contents: (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(`${content.length}:`).update(content);
  return hash.digest("hex").slice(0, 16);
}
