import * as v from "valibot";
import { isEntries, type Entries } from "../entries";
import { nearest } from "../nearest";
import type { Advice } from "./advice";
import { below, readWith, reportTo, type Report } from "./report";

/** Options of a section by key, in the order in which the documentation lists them. */
export type Options = Readonly<Record<string, v.GenericSchema>>;

type Output<O extends Options, K extends keyof O> = v.InferOutput<O[K]>;
type OptionalKey<O extends Options> = {
  [K in keyof O]: undefined extends Output<O, K> ? K : never;
}[keyof O];

/** Values of a section, once all of them are valid; an optional one may be absent. */
export type Values<O extends Options> = {
  readonly [K in Exclude<keyof O, OptionalKey<O>>]: Output<O, K>;
} & { readonly [K in OptionalKey<O>]?: Output<O, K> };

/** What a check over several options of a section is given. */
export interface SectionCheck<O extends Options> {
  /** The options that are valid by themselves. */
  readonly values: Partial<Values<O>>;
  /** The section as it was written. */
  readonly raw: Entries;
  readonly report: Report;
}

const NOT_AN_OBJECT: Advice = { rule: "must be an object", remedy: "write it as key: value pairs" };

/** The value as an object; anything else is reported and read as an empty object. */
export function objectOf(value: unknown, report: Report): Entries {
  if (isEntries(value)) return value;
  report({ path: [], value, ...NOT_AN_OBJECT });
  return {};
}

/** What the fault says when a required option is absent; undefined for an optional one. */
function absenceOf(schema: v.GenericSchema): Advice | undefined {
  const { absent } = v.getMetadata(schema) as { readonly absent?: Advice };
  return absent;
}

/** Reads each option; returns the valid ones and reports the others. */
export function readOptions<O extends Options>(
  options: O,
  raw: Entries,
  report: Report,
): Partial<Values<O>> {
  const good: Record<string, unknown> = {};
  for (const [key, schema] of Object.entries(options)) {
    // YAML's empty value is the same as none.
    const value = raw[key] ?? undefined;
    const absence = value === undefined ? absenceOf(schema) : undefined;
    if (absence !== undefined) {
      report({ path: [key], value, ...absence });
      continue;
    }
    const reportHere = below(key, report);
    // An invalid default, such as a file that does not exist, is reported as not set.
    const result = readWith(schema, value, (finding) =>
      reportHere(value === undefined ? { ...finding, value } : finding),
    );
    if (result.success) good[key] = result.output;
  }
  return good as Partial<Values<O>>;
}

/**
 * Reports keys that are none of the options.
 *
 * @param shown the known keys, as the message lists them.
 * @param prefix what the user writes before such a key.
 */
export function reportUnknown(
  options: Options,
  raw: Entries,
  report: Report,
  { shown = Object.keys(options).toSorted(), prefix = "" } = {},
): void {
  const known = Object.keys(options);
  for (const [key, value] of Object.entries(raw)) {
    if (known.includes(key)) continue;
    const suggestion = nearest(key, known);
    report({
      path: [key],
      value,
      rule: `is not a known key; known are ${shown.join(", ")}`,
      remedy: suggestion === undefined ? "remove it" : `did you mean "${prefix}${suggestion}"?`,
    });
  }
}

/**
 * An object with known options. All its faults are found in one pass: in single options, between
 * options, and unknown keys.
 *
 * @param check looks at several options together; what it finds out on the way joins the values.
 */
export function section<const O extends Options, D extends object = object>(
  options: O,
  check: (section: SectionCheck<O>) => D | undefined | void = () => undefined,
) {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, Values<O> & D>(({ dataset, addIssue }) => {
      const report = reportTo(addIssue);
      const raw = objectOf(dataset.value, report);
      const values = readOptions(options, raw, report);
      const derived = check({ values, raw, report });
      reportUnknown(options, raw, report);
      // After a report the schema has failed and nobody gets these values, so all of them are there.
      return { ...values, ...(derived ?? {}) } as Values<O> & D;
    }),
    v.metadata({ options }),
  );
}
