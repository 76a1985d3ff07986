/** A value that JSON can express. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
/** A JSON object. */
export type JsonObject = { [key: string]: Json };

/** Whether a value that came from JSON is an object: no list, no scalar. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The JSON object, or undefined when the value is anything else. */
export function asObject(value: Json | undefined): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}

/** A scalar as a string; empty for what is absent or no scalar. */
export function stringOf(value: Json | undefined): string {
  if (value === undefined || value === null || typeof value === "object") return "";
  return String(value);
}
