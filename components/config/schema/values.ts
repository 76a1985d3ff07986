import * as v from "valibot";
import type { NameRule } from "../../names/rules";
import { isEntries } from "../entries";
import { nearest } from "../nearest";
import { message } from "./advice";

/** Any string, even an empty one. Numbers are taken as written: YAML reads `1.34` as one. */
export function text(wrong = message("must be a string", "write a string")) {
  return v.pipe(
    v.union([v.string(), v.number()], wrong),
    v.transform(String),
    v.metadata({ type: "string" }),
  );
}

/** A string that is not empty. */
export function string() {
  const wrong = message("must be a string that is not empty", "write a string");
  return v.pipe(
    text(wrong),
    v.check((value) => value.trim() !== "", wrong),
  );
}

/** A string that follows a naming rule of Azure or Kubernetes. */
export function name({ pattern, rule }: NameRule, remedy = "choose a name by this rule") {
  return v.pipe(string(), v.regex(pattern, message(rule, remedy)));
}

/** A whole number within bounds, both inclusive. */
export function integer(min: number, max: number) {
  const wrong = message(
    `must be a whole number from ${min} to ${max}`,
    "set a number in that range",
  );
  return v.pipe(
    v.number(wrong),
    v.integer(wrong),
    v.minValue(min, wrong),
    v.maxValue(max, wrong),
    v.metadata({ type: `${min} to ${max}` }),
  );
}

/** A number that is not negative. */
export function amount() {
  const wrong = message(
    "must be a number of 0 or more",
    "set a number; on the command line `--type float` makes it one",
  );
  return v.pipe(
    v.number(wrong),
    v.finite(wrong),
    v.minValue(0, wrong),
    v.metadata({ type: "number" }),
  );
}

export function boolean() {
  const wrong = message("must be true or false", "write true or false, without quotes");
  return v.pipe(v.boolean(wrong), v.metadata({ type: "boolean" }));
}

/** One of a few strings; what is near to one is told which was meant. */
export function oneOf<const T extends readonly string[]>(allowed: T) {
  const wrong = ({ input }: { readonly input: unknown }): string => {
    const suggestion = typeof input === "string" ? nearest(input, allowed) : undefined;
    return message(
      `must be one of ${allowed.join(", ")}`,
      suggestion === undefined ? "choose one of them" : `did you mean "${suggestion}"?`,
    );
  };
  return v.pipe(
    v.picklist(allowed, wrong),
    v.metadata({ type: allowed.map((choice) => `\`${choice}\``).join(", ") }),
  );
}

/** A list of strings; numbers are taken as written, as YAML reads `[1, 2]`. */
export function strings() {
  const isList = (value: unknown) =>
    Array.isArray(value) && value.every((item) => ["string", "number"].includes(typeof item));
  return v.pipe(
    v.custom<readonly (string | number)[]>(
      isList,
      message("must be a list of strings", "write it as a YAML list"),
    ),
    v.transform((list): readonly string[] => list.map(String)),
    v.metadata({ type: "list of strings" }),
  );
}

/** Refuses a list that has something twice. */
export function distinct() {
  const twice = (list: readonly string[]) => list.find((item, at) => list.indexOf(item) !== at);
  return v.check<readonly string[], (issue: { readonly input: readonly string[] }) => string>(
    (list) => twice(list) === undefined,
    ({ input }) => message(`must not name "${twice(input) ?? ""}" twice`, "remove one of them"),
  );
}

type Plain = string | number | boolean;

function isPlainMap(value: unknown): boolean {
  const plain = (item: unknown) => ["string", "number", "boolean"].includes(typeof item);
  return isEntries(value) && Object.values(value).every(plain);
}

/** A map of strings, as Azure tags are; numbers and booleans are taken as written. */
export function stringMap() {
  return v.pipe(
    v.custom<Readonly<Record<string, Plain>>>(
      isPlainMap,
      message("must map names to strings", "write it as key: value pairs of strings"),
    ),
    v.transform((map): Readonly<Record<string, string>> =>
      Object.fromEntries(Object.entries(map).map(([key, value]) => [key, String(value)])),
    ),
    v.metadata({ type: "strings by name" }),
  );
}
