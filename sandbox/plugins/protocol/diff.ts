import { Secret, Unknown, isMap } from "./value";
import type { PropertyMap, PropertyValue } from "./value";

type ChangeKind = "add" | "delete" | "update";

/** One difference between two property bags. */
export interface Change {
  /** Keys and list positions from the root. */
  path: (string | number)[];
  kind: ChangeKind;
  /** The new value is not known yet, and may turn out to be the old one. */
  toUnknown?: true;
}

/** The answer to Diff: what changed, what of it replaces, and in which order. */
export interface Diff {
  changes: Change[];
  /** The changes that cannot be made in place. */
  replaces: Change[];
  /** Delete the old resource first, because both cannot exist at once. */
  deleteBeforeReplace: boolean;
}

/** Which changes force a replacement. */
export interface ReplaceRules {
  /**
   * Paths, dotted, `*` for any one key or position: `spec.selector` also covers what is below it, and a
   * change above it (its parent removed) counts as a change of it, but not a parent that is only unknown:
   * the engine asks so about everything that depends on what is replaced.
   */
  replaceOn?: readonly string[];
  /** Default false. */
  deleteBeforeReplace?: boolean;
}

/** All differences from `olds` to `news`. Secretness is no difference; an unknown always is. */
export function compare(olds: PropertyMap, news: PropertyMap): Change[] {
  return compareMaps([], olds, news);
}

function compareMaps(path: Change["path"], olds: PropertyMap, news: PropertyMap): Change[] {
  const keys = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...keys].flatMap((key) => compareValues([...path, key], olds[key], news[key]));
}

function compareValues(
  path: Change["path"],
  oldValue: PropertyValue | undefined,
  newValue: PropertyValue | undefined,
): Change[] {
  const old = unwrap(oldValue);
  const wanted = unwrap(newValue);
  if (old === undefined && wanted === undefined) return [];
  if (old === undefined) return [{ path, kind: "add" }];
  if (wanted === undefined) return [{ path, kind: "delete" }];
  if (isMap(old) && isMap(wanted)) return compareMaps(path, old, wanted);
  if (Array.isArray(old) && Array.isArray(wanted)) return compareLists(path, old, wanted);
  if (wanted instanceof Unknown) return [{ path, kind: "update", toUnknown: true }];
  return old === wanted ? [] : [{ path, kind: "update" }];
}

function compareLists(
  path: Change["path"],
  olds: PropertyValue[],
  news: PropertyValue[],
): Change[] {
  const positions = Array.from({ length: Math.max(olds.length, news.length) }, (_, index) => index);
  return positions.flatMap((index) => compareValues([...path, index], olds[index], news[index]));
}

/** Null and absent are the same to the engine, which drops nulls from some bags and not from others. */
function unwrap(value: PropertyValue | undefined): PropertyValue | undefined {
  if (value instanceof Secret) return unwrap(value.value);
  return value ?? undefined;
}

/** Turns changes into the answer to Diff under the given replacement rules. */
export function diffOf(changes: Change[], rules: ReplaceRules = {}): Diff {
  const patterns = (rules.replaceOn ?? []).map((pattern) => pattern.split("."));
  return {
    changes,
    replaces: changes.filter((change) => patterns.some((pattern) => touches(change, pattern))),
    deleteBeforeReplace: rules.deleteBeforeReplace ?? false,
  };
}

function touches({ path, toUnknown }: Change, pattern: string[]): boolean {
  if (toUnknown && path.length < pattern.length) return false;
  const length = Math.min(path.length, pattern.length);
  return pattern
    .slice(0, length)
    .every((part, index) => part === "*" || part === String(path[index]));
}

/** The path in the engine's notation: `spec.ports[0].port`, `metadata["a.b/c"]`. */
export function renderPath(path: Change["path"]): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") return `[${part}]`;
      if (!/^[A-Za-z_$][\w$]*$/.test(part)) return `[${JSON.stringify(part)}]`;
      return index === 0 ? part : `.${part}`;
    })
    .join("");
}
