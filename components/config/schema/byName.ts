import * as v from "valibot";
import type { NameRule } from "../../names/rules";
import type { Entries } from "../entries";
import { below, readWith, reportTo, type Report } from "./report";
import { objectOf } from "./section";

/** What the keys of a map of sections are. */
export interface Keys extends NameRule {
  /** What has the name, for messages: `model`. */
  readonly noun: string;
}

/**
 * A map of sections by name.
 *
 * @param entry reads one section; its name is known to it.
 * @param check looks at all of them together, as they were written.
 * @returns a list, in the order in which they are written.
 */
export function byName<S extends v.GenericSchema>(
  { noun, pattern, rule }: Keys,
  entry: (name: string) => S,
  check: (raw: Entries, report: Report) => void = () => undefined,
) {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, readonly v.InferOutput<S>[]>(({ dataset, addIssue }) => {
      const report = reportTo(addIssue);
      const raw = objectOf(dataset.value, report);
      const list = Object.entries(raw).flatMap(([name, value]): v.InferOutput<S>[] => {
        if (!pattern.test(name)) {
          const named = `the ${noun}'s name "${name}" ${rule}`;
          report({ path: [name, "name"], value: name, rule: named, remedy: "rename the key" });
        }
        const result = readWith(entry(name), value ?? {}, below(name, report));
        return result.success ? [result.output] : [];
      });
      check(raw, report);
      return list;
    }),
    v.metadata({ entry: entry("") }),
  );
}
