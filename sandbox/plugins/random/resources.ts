import { hash } from "bcryptjs";
import { UNKNOWN } from "../protocol";
import type { CheckFailure, PropertyMap } from "../protocol";
import { checkSettings, generateString } from "./strings";
import type { StringSettings } from "./strings";

/** One type of this package. All values given to it are already revealed and complete. */
export interface RandomType {
  /** What an input is when the program leaves it out. Null: nothing. */
  defaults: PropertyMap;
  required: string;
  /** Outputs beyond the inputs, unknown until created. */
  computed: readonly string[];
  /** Computed outputs that are never shown. */
  secrets: readonly string[];
  validate(inputs: PropertyMap): CheckFailure[];
  create(inputs: PropertyMap): Promise<{ id: string; computed: PropertyMap }>;
}

const STRING_DEFAULTS = {
  upper: true,
  lower: true,
  numeric: true,
  number: true,
  special: true,
  minUpper: 0,
  minLower: 0,
  minNumeric: 0,
  minSpecial: 0,
  overrideSpecial: null,
  keepers: null,
} as const;

function stringSettings(inputs: PropertyMap): StringSettings {
  const count = (name: string) => Number(inputs[name] ?? 0);
  return {
    length: count("length"),
    upper: inputs["upper"] !== false,
    lower: inputs["lower"] !== false,
    numeric: inputs["numeric"] !== false,
    special: inputs["special"] !== false,
    minUpper: count("minUpper"),
    minLower: count("minLower"),
    minNumeric: count("minNumeric"),
    minSpecial: count("minSpecial"),
    overrideSpecial: stringOf(inputs, "overrideSpecial"),
  };
}

function stringOf(inputs: PropertyMap, name: string): string | undefined {
  const value = inputs[name];
  return typeof value === "string" ? value : undefined;
}

const randomString: RandomType = {
  defaults: STRING_DEFAULTS,
  required: "length",
  computed: ["result"],
  secrets: [],
  validate: (inputs) => checkSettings(stringSettings(inputs)),
  create: (inputs) => {
    const result = generateString(stringSettings(inputs));
    return Promise.resolve({ id: result, computed: { result } });
  },
};

const randomPassword: RandomType = {
  ...randomString,
  computed: ["result", "bcryptHash"],
  secrets: ["result", "bcryptHash"],
  create: async (inputs) => {
    const result = generateString(stringSettings(inputs));
    return { id: "none", computed: { result, bcryptHash: await hash(result, 10) } };
  },
};

/** The types offered, by token. */
export const TYPES: Readonly<Record<string, RandomType>> = {
  "random:index/randomPassword:RandomPassword": randomPassword,
  "random:index/randomString:RandomString": randomString,
};

/** Outputs in a preview: what will be generated is unknown. */
export function unknownOutputs(type: RandomType): PropertyMap {
  return Object.fromEntries(type.computed.map((name) => [name, UNKNOWN]));
}
