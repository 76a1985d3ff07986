/** The value of an unknown: something only known once another resource exists. */
export class Unknown {
  /** Never serialised by JSON: an unknown that leaks into a request would be sent as a literal. */
  toJSON(): never {
    throw new Error("an unknown value cannot be serialised");
  }
}

/** The one instance of {@link Unknown}. */
export const UNKNOWN = new Unknown();

/** A value that the engine must encrypt in the state and blank out in all output. */
export class Secret {
  constructor(readonly value: PropertyValue) {}

  /** Keeps the plain value out of logs and of JSON written by accident. */
  toJSON(): string {
    return "[secret]";
  }
}

/** A value of the engine's: JSON in which secrets and unknowns may appear. */
export type PropertyValue =
  null | boolean | number | string | Secret | Unknown | PropertyValue[] | PropertyMap;

/** A property bag as the engine sends it. Absent and undefined properties are the same. */
export interface PropertyMap {
  [key: string]: PropertyValue | undefined;
}

/** Whether a value is a plain object, as opposed to a list, a scalar, a secret or an unknown. */
export function isMap(value: PropertyValue | undefined): value is PropertyMap {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Secret) &&
    !(value instanceof Unknown)
  );
}

/** The value without its secret wrappers, at any depth. Unknowns stay. */
export function reveal(value: PropertyValue): PropertyValue {
  if (value instanceof Secret) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  return isMap(value) ? revealMap(value) : value;
}

/** {@link reveal} for a whole property bag; undefined properties are dropped. */
export function revealMap(map: PropertyMap): PropertyMap {
  const plain: PropertyMap = {};
  for (const [key, value] of Object.entries(map)) {
    if (value !== undefined) plain[key] = reveal(value);
  }
  return plain;
}

/** Whether an unknown occurs at any depth. */
export function hasUnknown(value: PropertyValue | undefined): boolean {
  return occurs(value, (part) => part instanceof Unknown);
}

/** Whether a secret occurs at any depth. */
function isSecretAnywhere(value: PropertyValue | undefined): boolean {
  return occurs(value, (part) => part instanceof Secret);
}

function occurs(
  value: PropertyValue | undefined,
  matches: (part: PropertyValue) => boolean,
): boolean {
  if (value === undefined) return false;
  if (matches(value)) return true;
  if (value instanceof Secret) return occurs(value.value, matches);
  if (Array.isArray(value)) return value.some((item) => occurs(item, matches));
  return isMap(value) && Object.values(value).some((item) => occurs(item, matches));
}

/**
 * Marks `value` secret at every path at which `like` is, so that an output which echoes a secret input
 * is as secret as the input. A secret inside a list hides the whole list when lengths differ, because
 * the positions then say nothing.
 */
export function hideLike(value: PropertyValue, like: PropertyValue | undefined): PropertyValue {
  if (like === undefined || value instanceof Secret) return value;
  if (like instanceof Secret) return new Secret(reveal(value));
  if (Array.isArray(value) && Array.isArray(like)) return hideList(value, like);
  if (!isMap(value) || !isMap(like)) return value;
  const marked: PropertyMap = {};
  for (const [key, item] of Object.entries(value)) {
    marked[key] = item === undefined ? undefined : hideLike(item, like[key]);
  }
  return marked;
}

function hideList(value: PropertyValue[], like: PropertyValue[]): PropertyValue {
  if (value.length === like.length) return value.map((item, index) => hideLike(item, like[index]));
  return isSecretAnywhere(like) ? new Secret(reveal(value)) : value;
}
