import { isJsonObject, type Json, type JsonObject } from "../../json";

/** Fields whose values are quantities, or maps of them. */
const QUANTITIES = new Set(["averageValue", "limits", "requests", "sizeLimit"]);

/**
 * The old object with its quantities as the new one writes them where they are the same (`1000m` and `1`),
 * so that another notation is no change. The plugin reaches the same by writing both in one notation.
 */
export function withQuantitiesOf(old: JsonObject, wanted: JsonObject): JsonObject {
  return align(old, wanted, false) as JsonObject;
}

function align(old: Json, wanted: Json | undefined, isQuantity: boolean): Json {
  if (wanted === undefined) return old;
  if (Array.isArray(old) && Array.isArray(wanted)) {
    return old.map((item, index) => align(item, wanted[index], isQuantity));
  }
  if (isJsonObject(old) && isJsonObject(wanted)) {
    const entries = Object.entries(old).map(([key, value]) => [
      key,
      value === undefined
        ? undefined
        : align(value, wanted[key], isQuantity || QUANTITIES.has(key)),
    ]);
    return Object.fromEntries(entries) as JsonObject;
  }
  return isQuantity && isSameQuantity(old, wanted) ? wanted : old;
}

function isSameQuantity(old: Json, wanted: Json): boolean {
  const [left, right] = [parseQuantity(old), parseQuantity(wanted)];
  if (left === undefined || right === undefined) return false;
  return Math.abs(left - right) <= 1e-9 * Math.max(Math.abs(left), Math.abs(right));
}

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number a Kubernetes quantity (`500m`, `1.5Gi`, `2e3`, 4) stands for; undefined if it is none. */
export function parseQuantity(value: Json): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const [, digits, suffix] =
    /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?|[+-]?\d+\.)([numkMGTPE]?|[KMGTPE]i)$/.exec(value) ?? [];
  const factor = SUFFIXES[suffix ?? ""];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}
