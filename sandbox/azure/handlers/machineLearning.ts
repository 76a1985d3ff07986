import { randomUUID } from "node:crypto";
import { asObject, stringOf, type Json, type JsonObject } from "../../json";
import { badRequest, conflict } from "../arm/errors";
import type { PutRequest, ResourceHandler, Services } from "../arm/handler";
import type { Resource } from "../arm/store";
import { checkModelBlob } from "./modelBlob";
import { kept, resourceFrom, withDefaults } from "./resourceBody";

const WORKSPACES = "Microsoft.MachineLearningServices/workspaces";
const CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers";
const NAME_RULE =
  "1-255 letters, digits, hyphens, underscores, periods; starts with a letter or digit.";
const NAME = /^[A-Za-z0-9][-\w.]{0,254}$/;

/** The resources that a workspace needs, and the type that each must have. */
const REQUIRED_PARTS: Readonly<Record<string, string>> = {
  storageAccount: "Microsoft.Storage/storageAccounts",
  keyVault: "Microsoft.KeyVault/vaults",
  applicationInsights: "Microsoft.Insights/components",
};

/** Microsoft.MachineLearningServices */
export const mlWorkspaces: ResourceHandler = {
  type: WORKSPACES,
  naming: {
    pattern: /^[A-Za-z0-9][-\w]{2,32}$/,
    rule: "3-33 letters, digits, hyphens and underscores; starts with a letter or digit.",
  },
  build: (request, services) => {
    checkParts(request, services);
    checkSoftDeleted(request, services);
    const { existing, path, body, properties } = request;
    const workspaceId = kept(existing, "workspaceId", randomUUID);
    const location = stringOf(body.location).toLowerCase().replaceAll(" ", "");
    const built = resourceFrom(request, {
      ...withDefaults(properties, {
        friendlyName: path.name,
        hbiWorkspace: false,
        publicNetworkAccess: "Enabled",
        v1LegacyMode: false,
        systemDatastoresAuthMode: "AccessKey",
        enableDataIsolation: false,
        managedNetwork: { isolationMode: "Disabled" },
      }),
      workspaceId,
      tenantId: services.settings.tenantId,
      discoveryUrl: `https://${location}.api.azureml.ms/discovery`,
      mlFlowTrackingUri: `azureml://${location}.api.azureml.ms/mlflow/v1.0${path.id}`,
      privateEndpointConnections: [],
    });
    built.body.kind = body.kind ?? "Default";
    built.body.sku = { name: "Basic", tier: "Basic", ...asObject(body.sku) };
    return built;
  },
  provision: (resource, services) => makeDefaultDatastores(resource, services),
  remove: (resource, services, query) => {
    const id = resource.body.id;
    if (query.get("forceToPurge") !== "true") services.deleted.put(id, resource);
    return Promise.resolve();
  },
};

function checkParts({ properties }: PutRequest, { resources }: Services): void {
  for (const [name, type] of Object.entries(REQUIRED_PARTS)) {
    const id = properties[name];
    if (typeof id !== "string") {
      throw badRequest("ValidationError", `Missing dependent resources in workspace json: ${name}`);
    }
    if (resources.get(id)?.body.type !== type) {
      throw badRequest("ValidationError", `${name} '${id}' is not an existing ${type}.`);
    }
  }
  const registry = properties.containerRegistry;
  if (typeof registry === "string" && !resources.get(registry)) {
    throw badRequest("ValidationError", `containerRegistry '${registry}' does not exist.`);
  }
}

function checkSoftDeleted({ path }: PutRequest, { deleted }: Services): void {
  if (deleted.get(path.id)) {
    throw conflict(
      "Conflict",
      `Soft-deleted workspace exists. Please purge or recover it. https://aka.ms/wsoftdelete`,
    );
  }
}

/** The datastores of every new workspace, with their containers. */
async function makeDefaultDatastores(workspace: Resource, services: Services): Promise<void> {
  const { body } = workspace;
  const account = services.resources.get(stringOf(body.properties.storageAccount));
  if (!account) throw badRequest("ValidationError", "The workspace's storage account is gone.");
  const stores = {
    workspaceblobstore: `azureml-blobstore-${stringOf(body.properties.workspaceId)}`,
    workspaceartifactstore: "azureml",
  };
  for (const [name, containerName] of Object.entries(stores)) {
    await services.blobs.createContainer(account.body.name, containerName);
    showContainer(account, containerName, services);
    const id = `${body.id}/datastores/${name}`;
    services.resources.put(id, datastore(id, name, workspace, account, containerName));
  }
}

/** A datastore's container is listed by ARM like any other, and outlives the workspace. */
function showContainer(account: Resource, name: string, { resources }: Services): void {
  const id = `${account.body.id}/blobServices/default/containers/${name}`;
  const properties = { publicAccess: "None", defaultEncryptionScope: "$account-encryption-key" };
  resources.put(id, { body: { id, name, type: CONTAINERS, properties }, internal: {} });
}

function datastore(
  id: string,
  name: string,
  workspace: Resource,
  account: Resource,
  containerName: string,
): Resource {
  const usesIdentity = workspace.body.properties.systemDatastoresAuthMode !== "AccessKey";
  const [, , subscriptionId = "", , resourceGroup = ""] = account.body.id.split("/");
  const properties: JsonObject = {
    datastoreType: "AzureBlob",
    accountName: account.body.name,
    containerName,
    credentials: { credentialsType: usesIdentity ? "None" : "AccountKey" },
    endpoint: "core.windows.net",
    protocol: "https",
    isDefault: name === "workspaceblobstore",
    serviceDataAccessAuthIdentity: usesIdentity ? "WorkspaceSystemAssignedIdentity" : "None",
    subscriptionId,
    resourceGroup,
    tags: {},
    properties: {},
  };
  const systemData = workspace.body.systemData ?? {};
  const body = { id, name, type: `${WORKSPACES}/datastores`, systemData, properties };
  return { body, internal: {} };
}

/** Datastores can be read; the sandbox makes no others than a workspace's own. */
export const datastores: ResourceHandler = {
  type: `${WORKSPACES}/datastores`,
  naming: { pattern: NAME, rule: NAME_RULE },
};

/** Models without their versions; Azure calls them model containers. */
export const models: ResourceHandler = {
  type: `${WORKSPACES}/models`,
  naming: { pattern: NAME, rule: NAME_RULE },
  build: (request) => {
    const properties = settingsOf(request);
    return resourceFrom({ ...request, properties }, { provisioningState: "Succeeded" });
  },
};

/** Versions of models, each with a blob. */
export const modelVersions: ResourceHandler = {
  type: `${WORKSPACES}/models/versions`,
  naming: {
    pattern: /^[-\w.]{1,255}$/,
    rule: "1-255 letters, digits, hyphens, underscores, periods.",
  },
  build: (request) => {
    if (typeof request.properties.modelUri !== "string") {
      throw badRequest("UserError", "A model version needs a modelUri.");
    }
    const properties = settingsOf(request, { modelType: "custom_model", stage: "None" });
    return resourceFrom({ ...request, properties });
  },
  // The blob is looked up in the background, because Azure checks it after the request as well.
  provision: checkModelBlob,
  remove: () => Promise.resolve(),
};

function settingsOf({ properties }: PutRequest, extra: Record<string, Json> = {}): JsonObject {
  const defaults = { isArchived: false, description: "", tags: {}, properties: {}, ...extra };
  return withDefaults(properties, defaults);
}
