import type { ResourceDefinition } from "../../azure/schema/definitions";
import { schemaOf } from "../../azure/schema/schema";
import type { ResourceSchema } from "../../azure/schema/schema";
import { isMap, Secret, UNKNOWN } from "../protocol";
import type { PropertyMap, PropertyValue } from "../protocol";

/** The outputs that follow from the inputs; all that Azure decides is unknown. */
export function previewOutputs(definition: ResourceDefinition, inputs: PropertyMap): PropertyMap {
  const schema = schemaOf(definition.token);
  const outputs = previewMembers(schema, schema.outputs, inputs);
  return { ...outputs, azureApiVersion: definition.apiVersion };
}

function previewMembers(
  schema: ResourceSchema,
  members: Readonly<Record<string, string>>,
  inputs: PropertyMap,
): PropertyMap {
  return Object.fromEntries(
    Object.entries(members).map(([name, type]) => [
      name,
      name === "userAssignedIdentities"
        ? UNKNOWN
        : previewValue(schema, type.replace(/!$/, ""), inputs[name]),
    ]),
  );
}

function previewValue(
  schema: ResourceSchema,
  type: string,
  input: PropertyValue | undefined,
): PropertyValue {
  if (input === undefined || input === null) return UNKNOWN;
  if (input instanceof Secret) return new Secret(previewValue(schema, type, input.value));
  if (type.startsWith("[]") && Array.isArray(input)) {
    return input.map((item) => previewValue(schema, type.slice(2), item));
  }
  if (type.startsWith("@") && isMap(input)) {
    const members = schema.types[type.slice(1)];
    return members ? previewMembers(schema, members, input) : input;
  }
  if (type.startsWith("{}") && isMap(input)) {
    return Object.fromEntries(
      Object.entries(input).map(([key, item]) => [key, previewValue(schema, type.slice(2), item)]),
    );
  }
  return input;
}
