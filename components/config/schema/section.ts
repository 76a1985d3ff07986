import type { Faults } from "./faults";
import { nearest } from "./nearest";

type Entries = Readonly<Record<string, unknown>>;

function isEntries(value: unknown): value is Entries {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Bounds of an integer setting, both inclusive. */
export interface IntegerBounds {
  readonly min: number;
  readonly max: number;
}

/**
 * Typed view of one object of the configuration. Every reader returns a usable value (the
 * fallback) even after a fault, so that reading goes on and all faults are found together.
 * `close()` reports the keys that nobody read.
 */
export class Section {
  private readonly entries: Entries;
  private readonly read = new Set<string>();

  constructor(
    readonly path: string,
    value: unknown,
    private readonly faults: Faults,
  ) {
    if (value !== undefined && !isEntries(value)) {
      faults.add(path, value, "must be an object", "write it as key: value pairs");
    }
    this.entries = isEntries(value) ? value : {};
  }

  /** True when the key is present, whatever its value. */
  has(key: string): boolean {
    return this.entries[key] !== undefined && this.entries[key] !== null;
  }

  /** The value as it stands; marks the key as known. */
  raw(key: string): unknown {
    this.read.add(key);
    const value = this.entries[key];
    return value === null ? undefined : value;
  }

  /** Full path of a key of this section. */
  key(key: string): string {
    return `${this.path}.${key}`;
  }

  /** @param value what to show as found, where it is not what stands under the key. */
  fault(key: string, rule: string, remedy: string, value = this.entries[key]): void {
    this.faults.add(this.key(key), value, rule, remedy);
  }

  optionalString(key: string): string | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (typeof value === "string" && value.trim() !== "") return value;
    // YAML reads `1.34` as a number; names and versions are meant as they were written.
    if (typeof value === "number") return String(value);
    this.fault(key, "must be a text that is not empty", `set ${this.key(key)} to a text`);
    return undefined;
  }

  string(key: string, fallback: string): string {
    return this.optionalString(key) ?? fallback;
  }

  requiredString(key: string, remedy: string): string {
    if (!this.has(key)) {
      this.raw(key);
      this.fault(key, "is required", remedy);
      return "";
    }
    return this.optionalString(key) ?? "";
  }

  oneOf<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
    const value = this.raw(key);
    if (value === undefined) return fallback;
    const match = allowed.find((choice) => choice === value);
    if (match === undefined) {
      const suggestion = typeof value === "string" ? nearest(value, allowed) : undefined;
      this.fault(
        key,
        `must be one of ${allowed.join(", ")}`,
        suggestion === undefined ? `choose one of them` : `did you mean "${suggestion}"?`,
      );
    }
    return match ?? fallback;
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.raw(key);
    if (value === undefined) return fallback;
    if (typeof value === "boolean") return value;
    this.fault(key, "must be true or false", "write true or false, without quotes");
    return fallback;
  }

  optionalInteger(key: string, bounds: IntegerBounds): number | undefined {
    const value = this.raw(key);
    if (value === undefined) return undefined;
    if (Number.isInteger(value) && Number(value) >= bounds.min && Number(value) <= bounds.max) {
      return Number(value);
    }
    this.fault(
      key,
      `must be a whole number from ${bounds.min} to ${bounds.max}`,
      `set a number in that range`,
    );
    return undefined;
  }

  integer(key: string, bounds: IntegerBounds, fallback: number): number {
    return this.optionalInteger(key, bounds) ?? fallback;
  }

  strings(key: string): readonly string[] {
    const value = this.raw(key);
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) {
      return value;
    }
    this.fault(key, "must be a list of texts", "write it as a YAML list");
    return [];
  }

  /** A map of texts, as Azure tags are; numbers and booleans are taken as written. */
  stringMap(key: string): Readonly<Record<string, string>> {
    const value = this.raw(key);
    if (value === undefined) return {};
    const plain = (item: unknown): item is string | number | boolean =>
      ["string", "number", "boolean"].includes(typeof item);
    if (isEntries(value) && Object.values(value).every(plain)) {
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, String(item)]));
    }
    this.fault(key, "must map names to texts", "write it as key: value pairs of texts");
    return {};
  }

  section(key: string): Section {
    return new Section(this.key(key), this.raw(key), this.faults);
  }

  /** The entries of a map of objects, e.g. services by name. */
  sections(): readonly (readonly [string, Section])[] {
    return Object.keys(this.entries).map((name) => [
      name,
      new Section(this.key(name), this.raw(name), this.faults),
    ]);
  }

  /** Reports every key that no reader asked for. Call it once, after the last reader. */
  close(): void {
    for (const key of Object.keys(this.entries)) {
      if (this.read.has(key)) continue;
      const known = [...this.read];
      const suggestion = nearest(key, known);
      this.fault(
        key,
        `is not a known key; known are ${known.sort().join(", ")}`,
        suggestion === undefined ? "remove it" : `did you mean "${suggestion}"?`,
      );
    }
  }
}
