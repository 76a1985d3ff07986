/** What a user needs to fix a value. */
export interface Advice {
  /** What is allowed, as the end of the sentence "must be …" or "must not …". */
  readonly rule: string;
  /** What to do about it, in the imperative. */
  readonly remedy: string;
}

// The schema library carries one string for each fault; no rule or remedy contains this.
const SEPARATOR = "\n-> ";

/** A rule and its remedy as the message of a schema. */
export function message(rule: string, remedy: string): string {
  return `${rule}${SEPARATOR}${remedy}`;
}

/** Takes a message apart again. */
export function adviceOf(text: string): Advice {
  const [rule = "", remedy = ""] = text.split(SEPARATOR);
  return { rule, remedy };
}
