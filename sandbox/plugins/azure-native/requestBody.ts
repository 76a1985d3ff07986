import type { ResourceDefinition } from "../../azure/schema/definitions";
import { inputsToBody } from "../../azure/schema/wire";
import { asObject, type JsonObject } from "../../json";

/**
 * The body of a PUT. A vault's access policies may be managed elsewhere but must be sent, so as in
 * the real plugin they start empty and are otherwise sent back as they are.
 */
export function requestBody(
  definition: ResourceDefinition,
  inputs: JsonObject,
  existing: JsonObject | undefined,
): JsonObject {
  const body = inputsToBody(definition, inputs);
  const properties = asObject(body.properties);
  if (definition.type !== "Microsoft.KeyVault/vaults" || !properties) return body;
  const accessPolicies = asObject(existing?.properties)?.accessPolicies ?? [];
  return { ...body, properties: { accessPolicies, ...properties } };
}
