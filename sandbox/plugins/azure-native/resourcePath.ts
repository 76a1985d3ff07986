import { pathParameters } from "../../azure/schema/definitions";
import type { ResourceDefinition } from "../../azure/schema/definitions";

/** The ARM path of a resource from its inputs; throws naming an input that is missing. */
export function pathOf(
  definition: ResourceDefinition,
  inputs: Readonly<Record<string, unknown>>,
  subscriptionId: string,
): string {
  const filled = definition.path.replace(/\{(\w+)\}/g, (_match, name: string) => {
    if (name === "subscriptionId") return subscriptionId;
    const value = inputs[name];
    if (typeof value !== "string" || value === "") throw new Error(`${name} must be a string`);
    return name === "scope" ? value.replace(/^\/+|\/+$/g, "") : encodeURIComponent(value);
  });
  return filled;
}

/** The inputs that an ARM id holds, for an import. */
export function inputsOfPath(definition: ResourceDefinition, id: string): Record<string, string> {
  const names = [...definition.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
  const pattern = definition.path
    .replace(/[.]/g, "\\.")
    .replace(/\/?\{scope\}/, "(.+)")
    .replace(/\{\w+\}/g, "([^/]+)");
  const match = new RegExp(`^${pattern}$`, "i").exec(id);
  if (!match) throw new Error(`'${id}' is not the id of a ${definition.type}`);
  const values = names.map((name, index) => [name, match[index + 1] ?? ""] as const);
  return Object.fromEntries(values.filter(([name]) => name !== "subscriptionId"));
}

/** The parameter that names the resource itself. */
export function nameParameter(definition: ResourceDefinition): string {
  return pathParameters(definition).at(-1) ?? "";
}
