import { randomInt } from "node:crypto";

/** What a random string consists of: the settings that RandomString and RandomPassword share. */
export interface StringSettings {
  length: number;
  upper: boolean;
  lower: boolean;
  numeric: boolean;
  special: boolean;
  minUpper: number;
  minLower: number;
  minNumeric: number;
  minSpecial: number;
  /** Replaces the default special characters. */
  overrideSpecial?: string;
}

const CHARACTERS = {
  upper: "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  lower: "abcdefghijklmnopqrstuvwxyz",
  numeric: "0123456789",
  special: "!@#$%&*()-_=+[]{}<>:?",
} as const;

/** What is wrong with the settings, by property; empty when a string can be made of them. */
export function checkSettings(settings: StringSettings): { property: string; reason: string }[] {
  const { length, minUpper, minLower, minNumeric, minSpecial } = settings;
  const least = Math.max(1, minUpper + minLower + minNumeric + minSpecial);
  const failures = [];
  if (!Number.isInteger(length) || length < least) {
    const reason = `length must be a whole number of at least ${least}, got ${length}`;
    failures.push({ property: "length", reason });
  }
  if (!settings.upper && !settings.lower && !settings.numeric && !settings.special) {
    const reason = "at least one of upper, lower, numeric and special must be true";
    failures.push({ property: "special", reason });
  }
  return failures;
}

/** A string from the system's cryptographic generator. */
export function generateString(settings: StringSettings): string {
  const special = settings.overrideSpecial || CHARACTERS.special;
  const classes = [
    { on: settings.upper, least: settings.minUpper, characters: CHARACTERS.upper },
    { on: settings.lower, least: settings.minLower, characters: CHARACTERS.lower },
    { on: settings.numeric, least: settings.minNumeric, characters: CHARACTERS.numeric },
    { on: settings.special, least: settings.minSpecial, characters: special },
  ];
  const chosen = classes.flatMap(({ least, characters }) => draw(characters, least));
  const alphabet = classes
    .filter(({ on }) => on)
    .map(({ characters }) => characters)
    .join("");
  chosen.push(...draw(alphabet, settings.length - chosen.length));
  return shuffle(chosen).join("");
}

function draw(characters: string, count: number): string[] {
  return Array.from({ length: count }, () => characters.charAt(randomInt(characters.length)));
}

/** Otherwise the required characters would always stand at the front. */
function shuffle(items: string[]): string[] {
  const keys = items.map((item) => ({ item, order: randomInt(2 ** 47) }));
  return keys.sort((left, right) => left.order - right.order).map(({ item }) => item);
}
