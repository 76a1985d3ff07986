import { asObject, stringOf, type Json, type JsonObject } from "../../json";
import { pathParameters } from "./definitions";
import type { ResourceDefinition } from "./definitions";
import { schemaOf } from "./schema";
import type { ResourceSchema } from "./schema";

/**
 * Names that differ between SDK and wire below the top level, by SDK type. Written down by hand,
 * because the declarations of the SDK do not say what it renamed.
 */
const NESTED_RENAMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "storage.IPRule": { iPAddressOrRange: "value" },
  "storage.VirtualNetworkRule": { virtualNetworkResourceId: "id" },
  "storage.Encryption": { keyVaultProperties: "keyvaultproperties" },
  "containerregistry.IPRule": { iPAddressOrRange: "value" },
};

type Direction = "toWire" | "toSdk";

function moduleOf(definition: ResourceDefinition): string {
  return definition.token.split(":")[1] ?? "";
}

/** Wire spelling of a property of a nested SDK type. */
export function nestedWireName(
  definition: ResourceDefinition,
  typeName: string,
  sdkName: string,
): string {
  const bare = typeName.replace(/(Args|Response)$/, "");
  return NESTED_RENAMES[`${moduleOf(definition)}.${bare}`]?.[sdkName] ?? sdkName;
}

/** Wire spelling of a flattened top-level property. */
export function wireName(definition: ResourceDefinition, sdkName: string): string {
  return definition.renames[sdkName] ?? sdkName;
}

/** Body properties (SDK spelling) that a caller may set. */
export function bodyInputs(definition: ResourceDefinition): Record<string, string> {
  const inPath = new Set(pathParameters(definition));
  return Object.fromEntries(
    Object.entries(schemaOf(definition.token).inputs).filter(([name]) => !inPath.has(name)),
  );
}

/** The request body that the plugin sends for checked inputs. */
export function inputsToBody(definition: ResourceDefinition, inputs: JsonObject): JsonObject {
  const schema = schemaOf(definition.token);
  const converter = new Converter(definition, schema, "toWire");
  const body: JsonObject = {};
  const properties: JsonObject = {};
  for (const [name, type] of Object.entries(bodyInputs(definition))) {
    const value = inputs[name];
    if (value === undefined || value === null) continue;
    const converted = converter.value(type, value, name);
    if (definition.envelope.includes(name) || !definition.flattened) body[name] = converted;
    else properties[wireName(definition, name)] = converted;
  }
  return definition.flattened ? { ...body, properties } : body;
}

/** The outputs that the SDK shows for a response body. */
export function bodyToOutputs(definition: ResourceDefinition, body: JsonObject): JsonObject {
  const schema = schemaOf(definition.token);
  const converter = new Converter(definition, schema, "toSdk");
  const properties = asObject(body.properties) ?? {};
  const outputs: JsonObject = { azureApiVersion: definition.apiVersion };
  for (const [name, type] of Object.entries(schema.outputs)) {
    const nested = definition.flattened ? properties[wireName(definition, name)] : undefined;
    const value = TOP_LEVEL.has(name) || !definition.flattened ? (body[name] ?? nested) : nested;
    const found = value ?? body[name];
    if (found !== undefined && found !== null) outputs[name] = converter.value(type, found, name);
  }
  return outputs;
}

const TOP_LEVEL = new Set(["id", "name", "type", "location", "tags", "systemData", "properties"]);

class Converter {
  constructor(
    private readonly definition: ResourceDefinition,
    private readonly schema: ResourceSchema,
    private readonly direction: Direction,
  ) {}

  value(type: string, value: Json, property: string): Json {
    const bare = type.replace(/!$/, "");
    if (property === "userAssignedIdentities" && this.direction === "toWire") {
      return identitiesToWire(value);
    }
    if (bare.startsWith("[]") && Array.isArray(value)) {
      return value.map((item) => this.value(bare.slice(2), item, ""));
    }
    const object = asObject(value);
    if (!object) return value;
    if (bare.startsWith("{}")) {
      return mapValues(object, (item) => this.value(bare.slice(2), item, ""));
    }
    return bare.startsWith("@") ? this.object(bare.slice(1), object) : value;
  }

  private object(typeName: string, object: JsonObject): JsonObject {
    const type = this.schema.types[typeName] ?? {};
    const result: JsonObject = {};
    for (const [name, propertyType] of Object.entries(type)) {
      const wire = nestedWireName(this.definition, typeName, name);
      const [from, to] = this.direction === "toWire" ? [name, wire] : [wire, name];
      const value = object[from];
      if (value !== undefined && value !== null) result[to] = this.value(propertyType, value, name);
    }
    return result;
  }
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
}

/** The SDK takes a list of ids where the API takes a map with empty values. */
function identitiesToWire(value: Json): Json {
  return Array.isArray(value) ? Object.fromEntries(value.map((id) => [stringOf(id), {}])) : value;
}
