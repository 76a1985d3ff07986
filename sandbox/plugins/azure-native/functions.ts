import { definitionOfToken, DEFINITIONS } from "../../azure/schema/definitions";
import type { ResourceDefinition } from "../../azure/schema/definitions";
import { bodyToOutputs } from "../../azure/schema/wire";
import { asObject, type JsonObject } from "../../json";
import { Secret, UnknownTypeError } from "../protocol";
import type { PropertyMap } from "../protocol";
import type { ArmClient } from "./armClient";
import { pathOf } from "./resourcePath";
import { requireDefinition } from "./resourceTypes";
import { withSecrets } from "./secretOutputs";

const USER_CREDENTIALS = "azure-native:containerservice:listManagedClusterUserCredentials";

/** Arguments of the function above that go into the query, by their names there. */
const CREDENTIALS_QUERY: Readonly<Record<string, string>> = {
  format: "format",
  serverFqdn: "server-fqdn",
};

/** Calls a function of the package; throws for one that the stand-in does not offer. */
export async function invokeFunction(
  token: string,
  args: JsonObject,
  client: ArmClient,
): Promise<PropertyMap> {
  if (token === "azure-native:authorization:getClientConfig") return clientConfig(client);
  if (token === "azure-native:authorization:getClientToken") {
    return { token: new Secret(await client.token(optionalString(args.endpoint))) };
  }
  if (token === USER_CREDENTIALS) return userCredentials(args, client);
  const definition = definitionOfToken(token.replace(/:get(\w+)$/, ":$1"));
  if (!definition || !/:get\w+$/.test(token)) throw unknownFunction(token);
  return readResource(definition, args, client);
}

async function clientConfig(client: ArmClient): Promise<PropertyMap> {
  const { clientId, subscriptionId, tenantId } = client.settings;
  try {
    return { clientId, subscriptionId, tenantId, objectId: await client.objectId() };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const context = "getting client config: could not acquire access token to parse claims";
    throw new Error(`${context}: ${reason}`, { cause: error });
  }
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

/** Posts for the kubeconfigs of a cluster's users, whose contents are secret. */
async function userCredentials(args: JsonObject, client: ArmClient): Promise<PropertyMap> {
  const definition = requireDefinition("azure-native:containerservice:ManagedCluster");
  const path = pathOf(definition, args, client.settings.subscriptionId);
  const query = Object.entries(CREDENTIALS_QUERY).flatMap(([name, parameter]) =>
    typeof args[name] === "string" ? [[parameter, args[name]] as const] : [],
  );
  const { kubeconfigs } = await client.post(`${path}/listClusterUserCredential`, {
    "api-version": definition.apiVersion,
    ...Object.fromEntries(query),
  });
  const listed = Array.isArray(kubeconfigs) ? kubeconfigs : [];
  return {
    kubeconfigs: listed.map((item) => {
      const { value = null, ...rest } = asObject(item) ?? {};
      return { ...rest, value: new Secret(value) };
    }),
  };
}

function optionalString(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function unknownFunction(token: string): UnknownTypeError {
  const getters = DEFINITIONS.map((entry) => entry.token.replace(/:(\w+)$/, ":get$1"));
  return new UnknownTypeError("azure-native", token, [USER_CREDENTIALS, ...getters]);
}
