import { definitionOfToken, DEFINITIONS } from "../../azure/schema/definitions";
import type { ResourceDefinition } from "../../azure/schema/definitions";
import { UnknownTypeError } from "../protocol";

/**
 * The definition of a resource type.
 *
 * @throws UnknownTypeError for a type that this stand-in does not offer
 */
export function requireDefinition(token: string): ResourceDefinition {
  const definition = definitionOfToken(token);
  if (definition) return definition;
  const offered = DEFINITIONS.map((entry) => entry.token);
  throw new UnknownTypeError("azure-native", token, offered);
}
