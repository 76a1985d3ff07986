import { randomBytes } from "node:crypto";
import { stringOf, type JsonObject } from "../../json";
import { badRequest, conflict, notFound } from "../arm/errors";
import type { ActionRequest, ResourceHandler, Services } from "../arm/handler";
import type { Resource } from "../arm/store";
import { redundancies } from "../regions/regions";
import { kept, resourceFrom, withDefaults } from "./resourceBody";

/** First path segments that the emulator answers itself: no account can have such a name. */
const RESERVED = new Set([
  "subscriptions",
  "metadata",
  "healthz",
  "tokenreview",
  "tenants",
  "providers",
]);

/** What Azure makes of an account that says no more than it has to. */
const DEFAULTS: JsonObject = {
  accessTier: "Hot",
  allowBlobPublicAccess: false,
  allowCrossTenantReplication: false,
  minimumTlsVersion: "TLS1_0",
  supportsHttpsTrafficOnly: true,
  networkAcls: {
    bypass: "AzureServices",
    virtualNetworkRules: [],
    ipRules: [],
    defaultAction: "Allow",
  },
  encryption: {
    services: {
      file: { keyType: "Account", enabled: true },
      blob: { keyType: "Account", enabled: true },
    },
    keySource: "Microsoft.Storage",
  },
};

/** Microsoft.Storage */
export const storageAccounts: ResourceHandler = {
  type: "Microsoft.Storage/storageAccounts",
  naming: {
    pattern: /^[a-z0-9]{3,24}$/,
    rule: "Storage account name must be between 3 and 24 characters in length and use numbers and lower-case letters only.",
    unique: true,
  },
  build: (request, { baseUrl }) => {
    const { path, existing, body } = request;
    if (RESERVED.has(path.name)) {
      throw conflict(
        "StorageAccountAlreadyTaken",
        `The storage account named ${path.name} is already taken.`,
      );
    }
    const sku = String((body.sku as { name: string }).name);
    checkRedundancy(sku, stringOf(body.location), stringOf(body.kind));
    const keys = existing?.internal.keys ?? [newKey(), newKey()];
    const built = resourceFrom(
      request,
      {
        ...withDefaults(request.properties, DEFAULTS),
        primaryEndpoints: { blob: `${baseUrl}/${path.name}/` },
        primaryLocation: body.location ?? "",
        statusOfPrimary: "available",
        privateEndpointConnections: [],
        creationTime: kept(existing, "creationTime", () => new Date().toISOString()),
      },
      { keys },
    );
    built.body.sku = { name: sku, tier: sku.split("_")[0] ?? "" };
    return built;
  },
  provision: async ({ body, internal }, { blobs }) => {
    await blobs.start(body.name, internal.keys as string[]);
  },
  remove: ({ body }, { blobs }) => blobs.remove(body.name),
  actions: { listKeys },
};

function checkRedundancy(sku: string, location: string, kind: string): void {
  if (redundancies(location).includes(sku)) return;
  throw badRequest(
    "RedundancyConfigurationNotAvailableInRegion",
    `The storage account failed to create due to redundancy configuration - Sku: ${sku}, Kind: ${kind} - ` +
      `not available in selected Region - ${location}. Please make sure the redundancy configuration ` +
      "selected is available in your region.",
  );
}

function listKeys({ resource }: ActionRequest) {
  if (resource.body.properties.allowSharedKeyAccess === false) {
    throw badRequest(
      "KeyBasedAuthenticationNotPermitted",
      "Key based authentication is not permitted on this storage account.",
    );
  }
  const keys = (resource.internal.keys as string[]).map((value, index) => ({
    keyName: `key${index + 1}`,
    value,
    permissions: "FULL",
  }));
  return { json: { keys } };
}

function newKey(): string {
  return randomBytes(64).toString("base64");
}

/** The account in which a container lies. */
function accountName({ body }: Resource): string {
  return /storageAccounts\/([^/]+)/i.exec(body.id)?.[1] ?? "";
}

/** Containers that are made by ARM; they exist in the account's Azurite too. */
export const blobContainers: ResourceHandler = {
  type: "Microsoft.Storage/storageAccounts/blobServices/containers",
  naming: {
    pattern: /^(?!.*--)[a-z0-9][-a-z0-9]{1,61}[a-z0-9]$/,
    rule: "3-63 lower-case letters, digits and single hyphens.",
  },
  build: (request) => {
    if (!/\/blobServices\/default\//i.test(request.path.id)) throw notFound(request.path.id);
    const defaults = { publicAccess: "None", defaultEncryptionScope: "$account-encryption-key" };
    return resourceFrom(request, withDefaults(request.properties, defaults));
  },
  provision: async (resource: Resource, { blobs }: Services) => {
    await blobs.createContainer(accountName(resource), resource.body.name);
  },
  remove: async (resource: Resource, { blobs }: Services) => {
    if (blobs.get(accountName(resource))) {
      await blobs.deleteContainer(accountName(resource), resource.body.name);
    }
  },
};
