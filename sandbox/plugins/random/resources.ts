import { randomBytes } from "node:crypto";
import { hash } from "bcryptjs";
import { UNKNOWN } from "../protocol";
import type { CheckFailure, PropertyMap } from "../protocol";
import { checkText, generateText } from "./text";
import type { TextSettings } from "./text";

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

const TEXT_DEFAULTS = {
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

function textSettings(inputs: PropertyMap): TextSettings {
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
  defaults: TEXT_DEFAULTS,
  required: "length",
  computed: ["result"],
  secrets: [],
  validate: (inputs) => checkText(textSettings(inputs)),
  create: (inputs) => {
    const result = generateText(textSettings(inputs));
    return Promise.resolve({ id: result, computed: { result } });
  },
};

const randomPassword: RandomType = {
  ...randomString,
  computed: ["result", "bcryptHash"],
  secrets: ["result", "bcryptHash"],
  create: async (inputs) => {
    const result = generateText(textSettings(inputs));
    return { id: "none", computed: { result, bcryptHash: await hash(result, 10) } };
  },
};

const randomId: RandomType = {
  defaults: { prefix: null, keepers: null },
  required: "byteLength",
  computed: ["b64Std", "b64Url", "dec", "hex"],
  secrets: [],
  validate: ({ byteLength }) => {
    if (Number.isInteger(byteLength) && Number(byteLength) >= 1) return [];
    const reason = `byteLength must be a whole number of at least 1, got ${JSON.stringify(byteLength)}`;
    return [{ property: "byteLength", reason }];
  },
  create: (inputs) => {
    const bytes = randomBytes(Number(inputs["byteLength"]));
    return Promise.resolve({
      id: bytes.toString("base64url"),
      computed: renderId(bytes, stringOf(inputs, "prefix") ?? ""),
    });
  },
};

/** The bytes in every notation, each behind the prefix. */
export function renderId(bytes: Buffer, prefix: string): PropertyMap {
  return {
    b64Std: prefix + bytes.toString("base64"),
    b64Url: prefix + bytes.toString("base64url"),
    dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(10),
    hex: prefix + bytes.toString("hex"),
  };
}

/** The types offered, by token. */
export const TYPES: Readonly<Record<string, RandomType>> = {
  "random:index/randomId:RandomId": randomId,
  "random:index/randomPassword:RandomPassword": randomPassword,
  "random:index/randomString:RandomString": randomString,
};

/** Outputs in a preview: what will be generated is unknown. */
export function unknownOutputs(type: RandomType): PropertyMap {
  return Object.fromEntries(type.computed.map((name) => [name, UNKNOWN]));
}
