import * as fs from "node:fs";
import { CORE_SCHEMA, load, YAMLException } from "js-yaml";
import { isEntries, type Entries } from "./entries";

function parse(text: string): unknown {
  try {
    return load(text, { schema: CORE_SCHEMA });
  } catch (error) {
    // Pulumi has read the file that is in use; this one is another, and says nothing.
    if (error instanceof YAMLException) return undefined;
    throw error;
  }
}

/** A value that was set as one text of JSON. */
function unfolded(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}

/**
 * The configuration of a stack as its file in the working directory has it, secrets encrypted.
 *
 * @returns nothing where there is no such file, as with `--config-file`.
 * @see https://www.pulumi.com/docs/iac/concepts/config/#stack-settings-file
 */
export function stackFile(stack: string): Entries {
  const file = [`Pulumi.${stack}.yaml`, `Pulumi.${stack}.yml`].find((name) => fs.existsSync(name));
  const content = file === undefined ? undefined : parse(fs.readFileSync(file, "utf8"));
  const config = isEntries(content) ? content.config : undefined;
  if (!isEntries(config)) return {};
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, unfolded(value)]));
}
