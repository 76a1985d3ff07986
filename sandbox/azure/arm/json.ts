import type { Json } from "./store";

/** Text of a scalar; what is absent or no scalar is empty. */
export function textOf(value: Json | undefined): string {
  if (value === undefined || value === null || typeof value === "object") return "";
  return String(value);
}
