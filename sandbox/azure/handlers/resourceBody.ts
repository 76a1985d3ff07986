import type { Json, JsonObject } from "../../json";
import type { PutRequest } from "../arm/handler";
import type { Resource } from "../arm/store";
import { definitionOfType } from "../schema/definitions";

/**
 * A resource as its request asks for it, under its canonical type: the envelope as sent, with the
 * given properties over the sent ones.
 */
export function resourceFrom(
  { path, body, properties, existing }: PutRequest,
  computed: JsonObject = {},
  internal: JsonObject = existing?.internal ?? {},
): Resource {
  const type = definitionOfType(path.type)?.type ?? path.type;
  return {
    internal,
    body: {
      ...body,
      id: existing?.body.id ?? path.id,
      name: existing?.body.name ?? path.name,
      type,
      ...(body.tags ? { tags: body.tags } : {}),
      properties: { ...properties, ...computed },
    },
  };
}

/** A property of the resource as it was, or a new value. */
export function kept<Value extends Json>(
  existing: Resource | undefined,
  property: string,
  fresh: () => Value,
): Json {
  return existing?.body.properties[property] ?? fresh();
}

/** Defaults under what was sent. */
export function withDefaults(properties: JsonObject, defaults: JsonObject): JsonObject {
  return { ...defaults, ...dropNulls(properties) };
}

function dropNulls(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));
}
