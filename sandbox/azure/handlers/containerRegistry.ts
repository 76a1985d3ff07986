import { randomBytes } from "node:crypto";
import { asObject, stringOf } from "../../json";
import { badRequest, conflict } from "../arm/errors";
import type { ActionRequest, PutRequest, ResourceHandler, Services } from "../arm/handler";
import { taskRoutes } from "./registryTasks";
import { kept, resourceFrom, withDefaults } from "./resourceBody";

const TYPE = "Microsoft.ContainerRegistry/registries";

/** Settings that Azure has in the Premium tier only, with the value that is allowed below it. */
const PREMIUM_ONLY: Readonly<Record<string, string | boolean>> = {
  publicNetworkAccess: "Enabled",
  zoneRedundancy: "Disabled",
  dataEndpointEnabled: false,
};

/** Microsoft.ContainerRegistry */
export const registries: ResourceHandler = {
  type: TYPE,
  naming: { pattern: /^[A-Za-z0-9]{5,50}$/, rule: "5-50 letters and digits.", unique: true },
  build: (request, services) => {
    checkTier(request);
    const { existing, body } = request;
    const port = existing?.internal.port ?? freePort(services);
    const passwords = existing?.internal.passwords ?? [newPassword(), newPassword()];
    const built = resourceFrom(
      request,
      {
        ...withDefaults(request.properties, {
          adminUserEnabled: false,
          anonymousPullEnabled: false,
          dataEndpointEnabled: false,
          publicNetworkAccess: "Enabled",
          networkRuleBypassOptions: "AzureServices",
          zoneRedundancy: "Disabled",
          encryption: { status: "disabled" },
        }),
        policies: policies(request),
        loginServer: `127.0.0.1:${stringOf(port)}`,
        creationDate: kept(existing, "creationDate", () => new Date().toISOString()),
        dataEndpointHostNames: [],
        privateEndpointConnections: [],
      },
      { port, passwords },
    );
    const sku = stringOf(asObject(body.sku)?.name);
    built.body.sku = { name: sku, tier: sku };
    return built;
  },
  provision: ({ body, internal }, services) =>
    services.registries.start(body.name, Number(internal.port)),
  remove: async ({ body, internal }, services) => {
    services.tasks.forget(body.id);
    await services.registries.remove(body.name, Number(internal.port));
  },
  actions: { listCredentials },
  routes: taskRoutes,
};

function policies({ properties }: PutRequest) {
  return {
    quarantinePolicy: { status: "disabled" },
    trustPolicy: { type: "Notary", status: "disabled" },
    retentionPolicy: { days: 7, status: "disabled" },
    exportPolicy: { status: "enabled" },
    azureADAuthenticationAsArmPolicy: { status: "enabled" },
    ...asObject(properties.policies),
  };
}

function checkTier({ body, properties }: PutRequest): void {
  const sku = stringOf(asObject(body.sku)?.name);
  if (sku === "Classic") {
    throw badRequest("ClassicSkuDeprecated", "The Classic SKU is no longer offered.");
  }
  if (sku === "Premium") return;
  for (const [name, allowed] of Object.entries(PREMIUM_ONLY)) {
    if (properties[name] !== undefined && properties[name] !== allowed) {
      throw badRequest(
        "FeatureNotSupportedInSku",
        `The property '${name}' is only supported for the Premium SKU, not for ${sku}.`,
      );
    }
  }
}

/** Each registry has a port of its own for as long as it exists. */
function freePort({ resources, settings }: Services): number {
  const taken = new Set(
    resources.all().flatMap(({ body, internal }) => (body.type === TYPE ? [internal.port] : [])),
  );
  const free = settings.registry.ports.find((candidate) => !taken.has(candidate));
  if (!free) throw conflict("QuotaExceeded", "The sandbox has no port left for another registry.");
  return free;
}

function listCredentials({ resource }: ActionRequest) {
  if (resource.body.properties.adminUserEnabled !== true) {
    throw badRequest(
      "UnAuthorizedForCredentialOperations",
      `Cannot perform credential operations for ${resource.body.id} as admin user is disabled. ` +
        `Kindly enable admin user as per docs: https://docs.microsoft.com/en-us/azure/container-registry/container-registry-authentication#admin-account`,
    );
  }
  const [first = "", second = ""] = resource.internal.passwords as string[];
  const passwords = [
    { name: "password", value: first },
    { name: "password2", value: second },
  ];
  return { json: { username: resource.body.name, passwords } };
}

function newPassword(): string {
  return randomBytes(32).toString("base64url");
}
