/** A plain object of the configuration or of a file: values by name, nothing known of them yet. */
export type Entries = Readonly<Record<string, unknown>>;

/** True for a plain object; false for lists and `null`, which JavaScript calls objects too. */
export function isEntries(value: unknown): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
