import type { Inputs } from "@pulumi/pulumi";

// How the engine's protocol marks a secret value.
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";

function revealed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  if (SIGNATURE in value && value[SIGNATURE] === SECRET && "value" in value) {
    return revealed(value.value);
  }
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, revealed(entry)]));
}

/** Inputs or state with its secrets in clear; what is returned to the engine has to stay as it came. */
export function reveal(inputs: Inputs): Inputs {
  return revealed(inputs) as Inputs;
}
