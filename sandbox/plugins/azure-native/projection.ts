import { isDeepStrictEqual } from "node:util";
import type { ResourceDefinition } from "../../azure/schema/definitions";
import { schemaOf } from "../../azure/schema/schema";
import type { ResourceSchema } from "../../azure/schema/schema";
import { bodyInputs } from "../../azure/schema/wire";
import { asObject, type Json, type JsonObject } from "../../json";
import { isMap, Secret } from "../protocol";
import type { PropertyMap, PropertyValue } from "../protocol";

/** Outputs in the shape of inputs: without what is read-only. */
export function projectToInputs(definition: ResourceDefinition, outputs: JsonObject): JsonObject {
  return projectMembers(schemaOf(definition.token), bodyInputs(definition), outputs);
}

function projectMembers(
  schema: ResourceSchema,
  members: Readonly<Record<string, string>>,
  object: JsonObject,
): JsonObject {
  const result: JsonObject = {};
  for (const [name, type] of Object.entries(members)) {
    const value = object[name];
    if (value !== undefined && value !== null) {
      result[name] = projectValue(schema, type.replace(/!$/, ""), value, name);
    }
  }
  return result;
}

function projectValue(schema: ResourceSchema, type: string, value: Json, name: string): Json {
  const object = asObject(value);
  // The SDK takes a list of ids where Azure answers with a map.
  if (name === "userAssignedIdentities" && object) return Object.keys(object);
  if (type.startsWith("[]") && Array.isArray(value)) {
    return value.map((item) => projectValue(schema, type.slice(2), item, ""));
  }
  if (!object) return value;
  if (type.startsWith("{}")) {
    return Object.fromEntries(
      Object.entries(object).map(([key, item]) => [
        key,
        projectValue(schema, type.slice(2), item, ""),
      ]),
    );
  }
  const members = type.startsWith("@") ? schema.types[type.slice(1)] : undefined;
  return members ? projectMembers(schema, members, object) : object;
}

/**
 * Carries what changed in Azure between two readings over to the inputs. Values that Azure filled in
 * by itself are in both readings and so never become inputs.
 */
export function applyDrift(
  inputs: PropertyMap,
  before: JsonObject,
  after: JsonObject,
): PropertyMap {
  const result: PropertyMap = { ...inputs };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (isDeepStrictEqual(before[key], after[key])) continue;
    result[key] = driftedValue(inputs[key], before[key], after[key]);
  }
  return result;
}

function driftedValue(
  input: PropertyValue | undefined,
  before: Json | undefined,
  after: Json | undefined,
): PropertyValue | undefined {
  if (input instanceof Secret) return new Secret(driftedValue(input.value, before, after) ?? null);
  const [was, is] = [asObject(before), asObject(after)];
  if (was && is && isMap(input)) return applyDrift(input, was, is);
  const areLists = Array.isArray(before) && Array.isArray(after) && Array.isArray(input);
  if (areLists && before.length === after.length && input.length === after.length) {
    return input.map((item, index) =>
      isDeepStrictEqual(before[index], after[index])
        ? item
        : (driftedValue(item, before[index], after[index]) ?? null),
    );
  }
  return after;
}
