import * as v from "valibot";
import { isEntries } from "../entries";

/**
 * A section of which the option `mode` decides what else is in it.
 *
 * @param fallback the mode where none is written, or one that does not exist.
 */
export function variant<const M extends Readonly<Record<string, v.GenericSchema>>>(
  modes: M,
  fallback: keyof M & string,
) {
  type Output = v.InferOutput<M[keyof M]>;
  const modeOf = (value: unknown): string => {
    const mode = isEntries(value) ? value.mode : undefined;
    return typeof mode === "string" && Object.hasOwn(modes, mode) ? mode : fallback;
  };
  return v.pipe(
    v.lazy((value) => (modes[modeOf(value)] ?? v.never()) as v.GenericSchema<unknown, Output>),
    v.metadata({ modes }),
  );
}
