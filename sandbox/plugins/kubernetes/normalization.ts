import { isJsonObject, stringOf, type Json, type JsonObject } from "../../json";
import { hasUnknown, isMap, reveal } from "../protocol";
import type { PropertyMap } from "../protocol";

/** Fields that are maps of strings, which Go's types leave out when they are empty. */
const STRING_MAPS = new Set([
  "annotations",
  "labels",
  "limits",
  "matchLabels",
  "nodeSelector",
  "requests",
  "selector",
]);

/**
 * The inputs as the plugin checks, compares and keeps them: taken through the types of Kubernetes, which
 * leave out what is empty. A Secret is no such type: of it, only the text is turned into `data`, and what
 * is empty stays. Inputs of which a part is unknown stay as they are.
 */
export function normalizeInputs(inputs: PropertyMap): PropertyMap {
  if (hasUnknown(inputs)) return inputs;
  return inputs["kind"] === "Secret" ? normalizeSecret(inputs) : withoutEmpty(inputs);
}

function normalizeSecret(inputs: PropertyMap): PropertyMap {
  const { stringData, ...rest } = inputs;
  const texts = toJson(stringData);
  if (!isJsonObject(texts) || Object.keys(texts).length === 0) return inputs;
  const data = toJson(inputs["data"]);
  const encoded = Object.entries(texts).map(
    ([key, text]) => [key, Buffer.from(stringOf(text)).toString("base64")] as const,
  );
  return { ...rest, data: { ...(isJsonObject(data) ? data : {}), ...Object.fromEntries(encoded) } };
}

function toJson(value: PropertyMap[string]): Json | undefined {
  return value === undefined ? undefined : (reveal(value) as Json);
}

function withoutEmpty(inputs: PropertyMap): PropertyMap {
  const kept = Object.entries(inputs).flatMap(([key, value]) => {
    const cleaned = cleanValue(value);
    return cleaned === undefined || isLeftOut(key, cleaned) ? [] : [[key, cleaned] as const];
  });
  return Object.fromEntries(kept);
}

function cleanValue(value: PropertyMap[string]): PropertyMap[string] {
  if (value === null) return undefined;
  if (Array.isArray(value)) {
    return value.map((item) => cleanValue(item) ?? null);
  }
  return isMap(value) ? withoutEmpty(value) : value;
}

function isLeftOut(key: string, value: PropertyMap[string]): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return STRING_MAPS.has(key) && isMap(value) && Object.keys(value).length === 0;
}

/**
 * The part of the live object that has the shape of the inputs: lists by position, no longer than those
 * of the inputs.
 */
export function prune(live: JsonObject, like: JsonObject): JsonObject {
  const pruned: JsonObject = {};
  for (const [key, value] of Object.entries(live)) {
    const shape = like[key];
    if (value !== undefined && shape !== undefined) pruned[key] = pruneValue(value, shape);
  }
  return pruned;
}

function pruneValue(value: Json, shape: Json): Json {
  if (isJsonObject(value) && isJsonObject(shape)) return prune(value, shape);
  if (!Array.isArray(value) || !Array.isArray(shape)) return value;
  return value.slice(0, shape.length).map((item, index) => pruneValue(item, shape[index] ?? null));
}
