import type { ResourceDefinition } from "../../azure/schema/definitions";
import { schemaOf } from "../../azure/schema/schema";
import type { ResourceSchema } from "../../azure/schema/schema";
import { isMap, Secret, Unknown } from "../protocol";
import type { CheckFailure, PropertyMap, PropertyValue } from "../protocol";

/** What the plugin itself keeps among the inputs. */
export const CREATE_BEFORE_DELETE = "__createBeforeDelete";

/** Faults of a resource's inputs: unknown and missing properties, at any depth. */
export function inputFaults(definition: ResourceDefinition, inputs: PropertyMap): CheckFailure[] {
  const schema = schemaOf(definition.token);
  const given = { ...inputs };
  delete given[CREATE_BEFORE_DELETE];
  return membersFaults(schema, schema.inputs, given, "");
}

function membersFaults(
  schema: ResourceSchema,
  members: Readonly<Record<string, string>>,
  object: PropertyMap,
  prefix: string,
): CheckFailure[] {
  const unknown = Object.keys(object)
    .filter((name) => !(name in members) && object[name] !== undefined && object[name] !== null)
    .map((name) => ({
      property: prefix + name,
      reason: `unknown property; known are ${Object.keys(members).join(", ")}`,
    }));
  const nested = Object.entries(members).flatMap(([name, type]) => {
    const value = object[name];
    if (value === undefined || value === null) {
      return type.endsWith("!")
        ? [{ property: prefix + name, reason: `missing required property '${prefix}${name}'` }]
        : [];
    }
    return valueFaults(schema, type.replace(/!$/, ""), value, prefix + name);
  });
  return [...unknown, ...nested];
}

function valueFaults(
  schema: ResourceSchema,
  type: string,
  wrapped: PropertyValue,
  path: string,
): CheckFailure[] {
  const value = wrapped instanceof Secret ? wrapped.value : wrapped;
  if (value instanceof Unknown || type === "any") return [];
  if (type.startsWith("[]")) {
    if (!Array.isArray(value)) return [fault(path, "must be a list")];
    return value.flatMap((item, i) => valueFaults(schema, type.slice(2), item, `${path}[${i}]`));
  }
  if (type.startsWith("{}") || (type.startsWith("@") && type.slice(1) in schema.types)) {
    if (!isMap(value)) return [fault(path, "must be an object")];
    if (type.startsWith("@")) {
      return membersFaults(schema, schema.types[type.slice(1)] ?? {}, value, `${path}.`);
    }
    return Object.entries(value).flatMap(([key, item]) =>
      item === undefined ? [] : valueFaults(schema, type.slice(2), item, `${path}.${key}`),
    );
  }
  const isScalar = ["string", "number", "boolean"].includes(type);
  return isScalar && typeof value !== type ? [fault(path, `must be a ${type}`)] : [];
}

function fault(property: string, reason: string): CheckFailure {
  return { property, reason };
}
