import { dump } from "js-yaml";
import * as v from "valibot";
import { programSchema } from "./program";

/** One row of a table of options. */
interface Row {
  readonly key: string;
  readonly type: string;
  readonly meaning: string;
}

/** What schemas carry besides their checks, see `option.ts`, `section.ts`, `variant.ts`. */
interface Metadata {
  readonly type?: string;
  readonly meaning?: string;
  readonly defaultText?: string;
  readonly absent?: object;
  readonly options?: Readonly<Record<string, v.GenericSchema>>;
  readonly modes?: Readonly<Record<string, v.GenericSchema>>;
  readonly entry?: v.GenericSchema;
}

function metadataOf(schema: v.GenericSchema): Metadata {
  const inner = "wrapped" in schema ? (schema.wrapped as v.GenericSchema) : schema;
  return v.getMetadata(inner);
}

function defaultOf(schema: v.GenericSchema, { absent, defaultText }: Metadata): string {
  if (absent !== undefined) return "required";
  if (defaultText !== undefined) return defaultText;
  const value: unknown = v.getDefault(schema);
  const shown = ["string", "number", "boolean"].includes(typeof value) ? String(value) : "";
  return shown === "" ? "none" : `\`${shown}\``;
}

/** Rows of a section and of those within it, keys joined by dots. */
function rowsOf(schema: v.GenericSchema, prefix = ""): readonly Row[] {
  const { options = {} } = metadataOf(schema);
  return Object.entries(options).flatMap(([name, option]) => {
    const metadata = metadataOf(option);
    const key = `${prefix}${name}`;
    if (metadata.options !== undefined) return rowsOf(option, `${key}.`);
    const type = `${metadata.type ?? ""}; ${defaultOf(option, metadata)}`;
    return [{ key, type, meaning: metadata.meaning ?? "" }];
  });
}

/** Rows of all modes; what only one mode has says so. */
function rowsOfModes(modes: Readonly<Record<string, v.GenericSchema>>): readonly Row[] {
  const all = Object.entries(modes).map(([mode, schema]) => ({ mode, rows: rowsOf(schema) }));
  const merged = new Map<string, Row>();
  for (const { mode, rows } of all) {
    for (const row of rows) {
      const shared = all.every(({ rows: others }) => others.some(({ key }) => key === row.key));
      merged.set(row.key, shared ? row : { ...row, meaning: `${mode}: ${row.meaning}` });
    }
  }
  return [...merged.values()];
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(({ key, type, meaning }) => `| \`${key}\` | ${type} | ${meaning} |`);
  return ["| key | type; default | meaning |", "| --- | --- | --- |", ...lines].join("\n");
}

function sectionOf(key: string, schema: v.GenericSchema): string {
  const { modes, entry, meaning = "" } = metadataOf(schema);
  const rows = modes ? rowsOfModes(modes) : rowsOf(entry ?? schema);
  return `\`azureml-aks:${key}\`: ${meaning}\n\n${table(rows)}`;
}

/** All options as Markdown tables, for the README. */
export function configurationTables(): string {
  return Object.entries(programSchema([]))
    .map(([key, schema]) => sectionOf(key, schema))
    .join("\n\n");
}

/** Defaults of the plain options of the mode that a section has where none is written. */
function plainDefaults(modes: Readonly<Record<string, v.GenericSchema>>): object | undefined {
  const [schema] = Object.values(modes);
  const { options = {} } = schema === undefined ? {} : metadataOf(schema);
  const defaults = Object.entries(options).map(([name, option]) => {
    return [name, v.getDefault(option)] as const;
  });
  return Object.fromEntries(defaults.filter(([, value]) => typeof value === "string"));
}

/**
 * The `config` of Pulumi.yaml, as YAML; its keys are the project's, whatever that is called. Pulumi
 * asks for a key that has no default there, which a stack without models or services should hear.
 */
export function pulumiConfig(): string {
  const entries = Object.entries(programSchema([])).map(([key, schema]) => {
    const { meaning: description, modes } = metadataOf(schema);
    const declaration = { type: "object", description };
    const preset = modes && { default: plainDefaults(modes) };
    return [key, { ...declaration, ...preset }] as const;
  });
  return dump({ config: Object.fromEntries(entries) }, { lineWidth: -1 });
}
