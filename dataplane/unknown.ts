import { runtime, type Inputs } from "@pulumi/pulumi";

/** Whether a preview knows an input: it is there, and no resource has yet to be made for it. */
export function isKnown(inputs: Inputs, key: string): boolean {
  const value: unknown = inputs[key];
  return value !== undefined && value !== runtime.unknownValue;
}

/** The inputs joined to a path; undefined while one of them is unknown. */
export function joined(inputs: Inputs, keys: readonly string[]): string | undefined {
  if (!keys.every((key) => isKnown(inputs, key))) return undefined;
  return keys.map((key) => String(inputs[key])).join("/");
}
