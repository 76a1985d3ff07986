import type { ResourceDefinition } from "../../azure/schema/definitions";
import type { JsonObject } from "../../json";
import { hideLike, isMap, Secret } from "../protocol";
import type { PropertyMap } from "../protocol";

/** Outputs with which one can write to a resource. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  "azure-native:applicationinsights:Component": ["instrumentationKey", "connectionString"],
};

/** Marks keys as secret, and whatever is secret among the inputs. */
export function withSecrets(
  definition: ResourceDefinition,
  outputs: JsonObject,
  inputs: PropertyMap,
): PropertyMap {
  const hidden = hideLike(outputs, inputs);
  const marked: PropertyMap = isMap(hidden) ? { ...hidden } : {};
  for (const key of KEYS[definition.token] ?? []) {
    const value = marked[key];
    if (value !== undefined && !(value instanceof Secret)) marked[key] = new Secret(value);
  }
  return marked;
}
