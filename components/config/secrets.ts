import { isEntries, type Entries } from "./entries";

/** What stands in place of a secret wherever people read. */
const SHOWN = "[secret]";
/** Within a text only longer secrets are looked for, as Pulumi does: any text has an "a". */
const SHORTEST_WITHIN = 3;

type Path = readonly string[];

interface Leaf {
  readonly path: Path;
  readonly value: string;
}

/** Every plain value below a value, with the way to it. */
function leavesOf(value: unknown, path: Path = []): readonly Leaf[] {
  if (Array.isArray(value)) {
    return value.flatMap((item, index) => leavesOf(item, [...path, String(index)]));
  }
  if (isEntries(value)) {
    return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
  }
  return ["string", "number"].includes(typeof value) ? [{ path, value: String(value) }] : [];
}

const ESCAPED = (text: string) => JSON.stringify(text).slice(1, -1);

/**
 * The secret values of a stack's configuration. Pulumi says of a whole key whether there is a secret
 * anywhere in it; which of its values is none follows from the stack's file, where those stand in
 * plain text.
 */
export class ConfigSecrets {
  private readonly paths: readonly Path[];
  private readonly values: readonly string[];

  private constructor(leaves: readonly Leaf[]) {
    this.paths = leaves.map(({ path }) => path);
    this.values = [...new Set(leaves.map(({ value }) => value))].filter((value) => value !== "");
  }

  /** A configuration without secrets. */
  static readonly none = new ConfigSecrets([]);

  /**
   * Finds the secret values.
   *
   * @param values of the keys that have a secret somewhere.
   * @param plain the same keys as the stack's file has them; what is not the same there is secret.
   */
  static of(values: Entries, plain: Entries): ConfigSecrets {
    const readable = new Set(leavesOf(plain).map((leaf) => JSON.stringify(leaf)));
    return new ConfigSecrets(
      leavesOf(values).filter((leaf) => !readable.has(JSON.stringify(leaf))),
    );
  }

  get isEmpty(): boolean {
    return this.values.length === 0;
  }

  /** Whether the value at a path of keys is secret, or anything in it. */
  hasPath(path: Path): boolean {
    return this.paths.some((secret) => path.every((key, index) => key === secret[index]));
  }

  /** Whether a text is a secret value, or has one in it. */
  isIn(text: string): boolean {
    return this.values.some((value) => this.formsIn(value, text).length > 0);
  }

  /** A text or a value without its secrets, for messages. */
  hide(value: unknown): unknown {
    if (typeof value === "string") return this.hideText(value);
    if (typeof value === "number") return this.values.includes(String(value)) ? SHOWN : value;
    if (Array.isArray(value)) return value.map((item) => this.hide(item));
    if (!isEntries(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.hide(item)]));
  }

  /** A text with a mark in place of each secret. */
  hideText(text: string): string {
    const longestFirst = [...this.values].sort((a, b) => b.length - a.length);
    return longestFirst.reduce(
      (shown, value) =>
        this.formsIn(value, shown).reduce((rest, form) => rest.replaceAll(form, SHOWN), shown),
      text,
    );
  }

  /** A secret as a text has it: as it is, or as JSON writes it. */
  private formsIn(value: string, text: string): readonly string[] {
    if (text === value) return [value];
    if (value.length < SHORTEST_WITHIN) return [];
    return [...new Set([value, ESCAPED(value)])].filter((form) => text.includes(form));
  }
}
