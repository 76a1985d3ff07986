import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { dump, load } from "js-yaml";
import { ROOT } from "./sandbox";

/** Configuration of a stack by key, as its file has it. */
export type Values = Record<string, unknown>;

interface StackFile {
  readonly config: Values;
}

/** Configuration of the sandbox's stack. */
export function sandboxConfig(): Values {
  const file = path.join(ROOT, "Pulumi.sandbox.yaml");
  return (load(fs.readFileSync(file, "utf8")) as StackFile).config;
}

/**
 * Writes a variant of the sandbox's configuration beside it, never into it.
 *
 * @returns arguments that make Pulumi use the variant.
 */
export function variant(edit: (config: Values) => Values): readonly string[] {
  const original = load(fs.readFileSync(path.join(ROOT, "Pulumi.sandbox.yaml"), "utf8")) as object;
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-stack-"));
  const file = path.join(folder, "Pulumi.sandbox.yaml");
  fs.writeFileSync(file, dump({ ...original, config: edit(sandboxConfig()) }));
  return ["--config-file", file];
}

/** A copy of a value with one entry of it replaced, by a path of keys. */
export function replaced(value: unknown, keys: readonly string[], entry: unknown): Values {
  const [key, ...rest] = keys;
  const copy = { ...(value as Values) };
  if (key !== undefined) {
    copy[key] = rest.length === 0 ? entry : replaced(copy[key] ?? {}, rest, entry);
  }
  return copy;
}
