import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** The checkout this file belongs to. */
export const checkout = path.resolve(__dirname, "../..");

const scriptLoader = path.join(checkout, "node_modules", "sucrase", "register", "index.js");

/**
 * The command line that runs one of the sandbox's own scripts with the Node that runs this process.
 * @param script path from the root of the checkout.
 */
export function nodeScript(script: string): [string, ...string[]] {
  return [process.execPath, "-r", scriptLoader, path.join(checkout, script)];
}

/** The folder that holds all state and logs of the sandbox. */
export const stateFolder = path.resolve(process.env.SANDBOX_DIR ?? path.join(checkout, ".sandbox"));

/** The folder for what is expensive to make and the same for every checkout on this machine. */
export const cacheFolder = path.join(
  process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"),
  "azureml-aks",
);

/** A path inside the state folder. */
export function inState(...parts: string[]): string {
  return path.join(stateFolder, ...parts);
}

/** A path inside the cache. */
export function inCache(...parts: string[]): string {
  return path.join(cacheFolder, ...parts);
}

/** The system's certificate authorities and the sandbox's, for clients that take one file. */
export const caBundle = inState("ca-bundle.crt");

/** Where containerd looks for the certificate authority of each registry; the emulator writes it there. */
export const registryHosts = inState("containerd", "certs.d");

/** Writes a file by rename, so that a killed process never leaves an incomplete file. */
export function writeWhole(file: string, content: string | Buffer, mode = 0o644): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const partial = `${file}.${process.pid}.partial`;
  fs.writeFileSync(partial, content, { mode });
  fs.renameSync(partial, file);
}

/** Writes a value as indented JSON, by rename. */
export function writeJson(file: string, value: unknown, mode?: number): void {
  writeWhole(file, `${JSON.stringify(value, undefined, 2)}\n`, mode);
}

/** Parses a JSON file; undefined when it does not exist. */
export function readJson<T>(file: string): T | undefined {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** A short key of some content: the same content gives the same key. */
export function contentKey(...contents: (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const content of contents) hash.update(`${content.length}:`).update(content);
  return hash.digest("hex").slice(0, 16);
}
