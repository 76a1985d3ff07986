import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Property tree of one resource type. A property's type is written as `string`, `number`,
 * `boolean`, `any`, `@Name` (an entry of `types` or `enums`), `[]T` or `{}T` (map); a trailing `!`
 * marks it as required.
 */
export interface ResourceSchema {
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly types: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly enums: Readonly<Record<string, readonly (string | number)[]>>;
}

const loaded = new Map<string, ResourceSchema>();

/** Schema of a Pulumi token of {@link DEFINITIONS}; throws when its file is missing. */
export function schemaOf(token: string): ResourceSchema {
  const known = loaded.get(token);
  if (known) return known;
  const [, module = "", className = ""] = token.split(":");
  const file = path.join(__dirname, `${className}.${module}.json`);
  const schema = JSON.parse(fs.readFileSync(file, "utf8")) as ResourceSchema;
  loaded.set(token, schema);
  return schema;
}
