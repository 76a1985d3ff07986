import * as v from "valibot";
import type { Advice } from "./advice";

/** Reads a value of the configuration as a `T`. */
export type Schema<T> = v.GenericSchema<unknown, T>;

/** What the documentation and the messages say of an option. */
export interface Documentation {
  /** What the option decides, and what a change of it does where that is more than an update. */
  readonly meaning: string;
  /** The default in words, where it is not a value that can stand there. */
  readonly defaultText?: string;
}

/** What a fault says where a required option is absent. */
interface Absence {
  readonly remedy: string;
  /** Default: `is required`. */
  readonly rule?: string;
}

type Output<S extends v.GenericSchema> = v.InferOutput<S>;

function documented<S extends v.GenericSchema>(
  schema: S,
  documentation: Documentation & { readonly absent?: Advice },
): Schema<Output<S>> {
  return v.pipe(schema as unknown as Schema<Output<S>>, v.metadata({ ...documentation }));
}

/** An option that must be set. */
export function required<S extends v.GenericSchema>(
  schema: S,
  { remedy, rule = "is required" }: Absence,
  documentation: Documentation,
): Schema<Output<S>> {
  return documented(schema, { ...documentation, absent: { rule, remedy } });
}

/** An option that may be left out, and is undefined then. */
export function optional<S extends v.GenericSchema>(
  schema: S,
  documentation: Documentation,
): Schema<Output<S> | undefined> {
  return v.optional(documented(schema, documentation));
}

/** An option with a default, which is written as a user would write it. */
export function withDefault<S extends v.GenericSchema>(
  schema: S,
  fallback: v.InferInput<S>,
  documentation: Documentation,
): Schema<Output<S>> {
  return v.optional(documented(schema, documentation), fallback);
}
