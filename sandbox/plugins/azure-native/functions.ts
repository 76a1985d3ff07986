import type { ResourceDefinition } from "../../azure/schema/definitions";
import { definitionOfToken, DEFINITIONS } from "../../azure/schema/definitions";
import { bodyToOutputs } from "../../azure/schema/wire";
import type { PropertyMap, PropertyValue } from "../protocol";
import { Secret, UnknownTypeError } from "../protocol";
import type { ArmClient } from "./armClient";
import { pathOf } from "./resourcePath";
import { withSecrets } from "./secretOutputs";
import type { JsonObject } from "../../azure/json";

/** A POST that answers with secrets. */
interface ListFunction {
  /** Token of the resource type it belongs to. */
  readonly of: string;
  readonly action: string;
  /** Arguments that go into the query, by their names there. */
  readonly query: Readonly<Record<string, string>>;
}

const LISTS: Readonly<Record<string, ListFunction>> = {
  "azure-native:containerservice:listManagedClusterUserCredentials": {
    of: "azure-native:containerservice:ManagedCluster",
    action: "listClusterUserCredential",
    query: { format: "format", serverFqdn: "server-fqdn" },
  },
  "azure-native:containerservice:listManagedClusterAdminCredentials": {
    of: "azure-native:containerservice:ManagedCluster",
    action: "listClusterAdminCredential",
    query: { serverFqdn: "server-fqdn" },
  },
  "azure-native:containerregistry:listRegistryCredentials": {
    of: "azure-native:containerregistry:Registry",
    action: "listCredentials",
    query: {},
  },
  "azure-native:storage:listStorageAccountKeys": {
    of: "azure-native:storage:StorageAccount",
    action: "listKeys",
    query: { expand: "$expand" },
  },
  "azure-native:operationalinsights:getSharedKeys": {
    of: "azure-native:operationalinsights:Workspace",
    action: "sharedKeys",
    query: {},
  },
};

/** Names under which answers of list functions hold secrets. */
const SECRET_FIELDS = new Set(["value", "primarySharedKey", "secondarySharedKey"]);

/** Calls a function of the package; throws for one that the stand-in does not offer. */
export async function invokeFunction(
  token: string,
  args: JsonObject,
  client: ArmClient,
): Promise<PropertyMap> {
  if (token === "azure-native:authorization:getClientConfig") return clientConfig(client);
  if (token === "azure-native:authorization:getClientToken")
    return { token: new Secret(await client.token(optionalText(args.endpoint))) };
  const list = LISTS[token];
  if (list) return callList(list, args, client);
  const definition = definitionOfToken(token.replace(/:get(\w+)$/, ":$1"));
  if (!definition || !/:get\w+$/.test(token)) throw unknownFunction(token);
  return readResource(definition, args, client);
}

async function clientConfig(client: ArmClient): Promise<PropertyMap> {
  const { clientId, subscriptionId, tenantId } = client.settings;
  return { clientId, subscriptionId, tenantId, objectId: await client.objectId() };
}

async function readResource(
  definition: ResourceDefinition,
  args: JsonObject,
  client: ArmClient,
): Promise<PropertyMap> {
  const path = pathOf(definition, args, client.settings.subscriptionId);
  const body = await client.get(path, definition.apiVersion);
  return { id: body.id, ...withSecrets(definition, bodyToOutputs(definition, body), {}) };
}

async function callList(
  { of, action, query }: ListFunction,
  args: JsonObject,
  client: ArmClient,
): Promise<PropertyMap> {
  const definition = definitionOfToken(of);
  if (!definition) throw unknownFunction(of);
  const path = pathOf(definition, args, client.settings.subscriptionId);
  const options = Object.entries(query).flatMap(([name, parameter]) =>
    typeof args[name] === "string" ? [[parameter, args[name]] as const] : [],
  );
  const body = await client.post(`${path}/${action}`, {
    "api-version": definition.apiVersion,
    ...Object.fromEntries(options),
  });
  return Object.fromEntries(Object.entries(body).map(([key, value]) => [key, hide(key, value)]));
}

function hide(key: string, value: PropertyValue): PropertyValue {
  if (SECRET_FIELDS.has(key)) return new Secret(value);
  if (Array.isArray(value)) return value.map((item) => hide("", item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value as PropertyMap).map(([name, item]) => [name, hide(name, item ?? null)]),
  );
}

function optionalText(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function unknownFunction(token: string): UnknownTypeError {
  const getters = DEFINITIONS.map((entry) => entry.token.replace(/:(\w+)$/, ":get$1"));
  return new UnknownTypeError("azure-native", token, [...Object.keys(LISTS), ...getters]);
}
