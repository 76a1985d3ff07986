import { stringOf, type JsonObject } from "../../json";
import { badRequest, conflict, notFound } from "../arm/errors";
import type { ExtraRoute, PutRequest, ResourceHandler, Services } from "../arm/handler";
import type { Resource } from "../arm/store";
import { clientVersions } from "../schema/clientVersions";
import { resourceFrom, withDefaults } from "./resourceBody";

const TYPE = "Microsoft.KeyVault/vaults";
const API_VERSION = "2024-11-01";
const RETENTION_DAYS = 90;

/** Microsoft.KeyVault */
export const vaults: ResourceHandler = {
  type: TYPE,
  naming: {
    pattern: /^(?!.*--)[A-Za-z][-A-Za-z0-9]{1,22}[A-Za-z0-9]$/,
    rule: "3-24 letters, digits and single hyphens; starts with a letter.",
    unique: true,
  },
  build: (request, services) => {
    const recovered = recoverSoftDeleted(request, services);
    if (recovered) return recovered;
    const { properties, existing } = request;
    if (existing?.body.properties.enablePurgeProtection && !properties.enablePurgeProtection) {
      throw badRequest(
        "BadRequest",
        'The property "enablePurgeProtection" cannot be set to false. Enabling the purge ' +
          "protection for a vault is an irreversible action.",
      );
    }
    const isRbac = properties.enableRbacAuthorization === true;
    if (!isRbac && !Array.isArray(properties.accessPolicies)) {
      throw badRequest("BadRequest", "The parameter accessPolicies is not specified.");
    }
    const settings = { ...properties };
    delete settings.createMode;
    return resourceFrom(
      { ...request, properties: settings },
      withDefaults(settings, {
        enableSoftDelete: true,
        softDeleteRetentionInDays: RETENTION_DAYS,
        enableRbacAuthorization: false,
        publicNetworkAccess: "Enabled",
        accessPolicies: [],
        vaultUri: `https://${request.path.name.toLowerCase()}.vault.azure.net/`,
      }),
    );
  },
  provision: () => Promise.resolve(),
  remove: (resource, services) => {
    services.deleted.put(deletedId(resource, services), {
      ...resource,
      internal: { ...resource.internal, deletionDate: new Date().toISOString() },
    });
    return Promise.resolve();
  },
  routes: [listDeletedRoute(), getDeletedRoute(), purgeRoute()],
};

function deletedId({ body }: Resource, { settings }: Services): string {
  const location = stringOf(body.location).toLowerCase().replaceAll(" ", "");
  return `/subscriptions/${settings.subscriptionId}/providers/Microsoft.KeyVault/locations/${location}/deletedVaults/${body.name}`;
}

/**
 * A vault's name stays taken until the deleted vault is purged, wherever it was.
 * @returns the deleted vault as it was, where the request is to recover it
 */
function recoverSoftDeleted(
  { path, properties }: PutRequest,
  services: Services,
): Resource | undefined {
  const twin = services.deleted
    .all()
    .find(({ body }) => body.type === TYPE && body.name.toLowerCase() === path.name.toLowerCase());
  if (!twin) return undefined;
  if (properties.createMode === "recover") {
    services.deleted.delete(deletedId(twin, services));
    return twin;
  }
  throw conflict(
    "ConflictError",
    `A vault with the same name already exists in deleted state. You need to either recover or ` +
      `purge existing key vault. Follow this link https://go.microsoft.com/fwlink/?linkid=2149745 ` +
      `for more information on soft delete.`,
  );
}

function listDeletedRoute(): ExtraRoute {
  return {
    method: "GET",
    path: /\/subscriptions\/[^/]+\/providers\/Microsoft\.KeyVault\/deletedVaults/,
    apiVersion: API_VERSION,
    clientVersions: clientVersions(TYPE),
    action: "Microsoft.KeyVault/deletedVaults/read",
    handle: (_match, _query, services) => {
      const vaults = services.deleted.all().filter(({ body }) => body.type === TYPE);
      return { value: vaults.map((vault) => described(deletedId(vault, services), vault)) };
    },
  };
}

function getDeletedRoute(): ExtraRoute {
  return {
    method: "GET",
    path: /\/subscriptions\/[^/]+\/providers\/Microsoft\.KeyVault\/locations\/[^/]+\/deletedVaults\/[^/]+/,
    apiVersion: API_VERSION,
    clientVersions: clientVersions(TYPE),
    action: "Microsoft.KeyVault/locations/deletedVaults/read",
    handle: ([id = ""], _query, services) => described(id, findDeleted(id, services)),
  };
}

function described(id: string, { body, internal }: Resource): JsonObject {
  return {
    id,
    name: body.name,
    type: "Microsoft.KeyVault/deletedVaults",
    properties: {
      vaultId: body.id,
      location: body.location ?? "",
      deletionDate: internal.deletionDate ?? "",
      purgeProtectionEnabled: body.properties.enablePurgeProtection ?? false,
    },
  };
}

function purgeRoute(): ExtraRoute {
  return {
    method: "POST",
    path: /(\/subscriptions\/[^/]+\/providers\/Microsoft\.KeyVault\/locations\/[^/]+\/deletedVaults\/[^/]+)\/purge/,
    apiVersion: API_VERSION,
    action: "Microsoft.KeyVault/locations/deletedVaults/purge/action",
    handle: ([, id = ""], _query, services) => {
      if (findDeleted(id, services).body.properties.enablePurgeProtection) {
        throw conflict("PurgeProtected", "The vault has purge protection and cannot be purged.");
      }
      services.deleted.delete(id);
      return undefined;
    },
  };
}

function findDeleted(id: string, { deleted }: Services): Resource {
  const found = deleted.get(id);
  if (!found) throw notFound(id);
  return found;
}
