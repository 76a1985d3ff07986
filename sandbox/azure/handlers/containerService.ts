import { createHash } from "node:crypto";
import { asObject, stringOf, type Json, type JsonObject } from "../../json";
import { badRequest, conflict } from "../arm/errors";
import type { ActionRequest, PutRequest, ResourceHandler, Services } from "../arm/handler";
import { sameId } from "../arm/resourceId";
import type { Resource } from "../arm/store";
import type { ClusterAccess } from "../cluster/contract";
import { adminKubeconfig, userKubeconfig } from "../cluster/kubeconfig";
import { attachNodeIdentity, checkKubeletIdentity, removeNodeGroup } from "../cluster/nodeIdentity";
import { agentPools } from "./agentPools";
import { checkOffer } from "./clusterOffer";
import { kept, resourceFrom, withDefaults } from "./resourceBody";

const TYPE = "Microsoft.ContainerService/managedClusters";

/** Microsoft.ContainerService */
export const managedClusters: ResourceHandler = {
  type: TYPE,
  naming: {
    pattern: /^[A-Za-z0-9]$|^[A-Za-z0-9][-\w]{0,61}[A-Za-z0-9]$/,
    rule: "1-63 letters, digits, underscores and hyphens; starts and ends with a letter or digit.",
  },
  build: buildCluster,
  provision: async (resource, services) => {
    attachNodeIdentity(resource, services);
    if (asObject(resource.body.properties.powerState)?.code === "Stopped") return;
    await start(resource, services);
  },
  remove: async (resource, services) => {
    await services.cluster.delete(resource.body.name);
    removeNodeGroup(resource, services);
  },
  routes: [agentPools],
  actions: {
    listClusterUserCredential: userCredential,
    listClusterAdminCredential: adminCredential,
    start: (_request, services) => ({ change: (resource) => start(resource, services) }),
    stop: (_request, services) => ({
      change: async (resource) => {
        await services.cluster.stop(resource.body.name);
        setPower(resource, "Stopped");
      },
    }),
  },
};

function buildCluster(request: PutRequest, services: Services): Resource {
  checkOnlyCluster(request, services);
  checkAccounts(request);
  checkOffer(request);
  const version = resolveVersion(request, services);
  const { path, body, properties, existing } = request;
  const built = resourceFrom(request, {
    ...withDefaults(properties, DEFAULTS),
    ...addresses(request),
    networkProfile: withDefaults(asObject(properties.networkProfile) ?? {}, NETWORK),
    agentPoolProfiles: pools(request, version),
    kubernetesVersion: properties.kubernetesVersion ?? version,
    currentKubernetesVersion: kept(existing, "currentKubernetesVersion", () => version),
    nodeResourceGroup: properties.nodeResourceGroup ?? nodeResourceGroup(request),
    maxAgentPools: 100,
    powerState: kept(existing, "powerState", () => ({ code: "Running" })),
    resourceUID: kept(existing, "resourceUID", () => shortHash(`${path.id} ${Date.now()}`, 24)),
  });
  if (properties.identityProfile) {
    checkKubeletIdentity(built, services);
  } else if (existing?.body.properties.identityProfile) {
    built.body.properties.identityProfile = existing.body.properties.identityProfile;
  }
  const issuer = asObject(properties.oidcIssuerProfile);
  if (issuer?.enabled === true) {
    built.body.properties.oidcIssuerProfile = {
      ...issuer,
      issuerURL: issuerUrl(request, services),
    };
  }
  built.body.sku = withDefaults(asObject(body.sku) ?? {}, { name: "Base", tier: "Free" });
  return built;
}

/** The host names of the API server, as AKS makes them of the DNS prefix. */
function addresses({ path, body, properties }: PutRequest): JsonObject {
  const prefix = stringOf(properties.dnsPrefix ?? properties.fqdnSubdomain);
  const fqdn = `${prefix}-${shortHash(path.id)}.hcp.${stringOf(body.location)}.azmk8s.io`;
  return { fqdn, azurePortalFQDN: fqdn.replace(".hcp.", ".portal.hcp.") };
}

function nodeResourceGroup({ path, body, existing }: PutRequest): Json {
  const name = `MC_${path.resourceGroup}_${path.name}_${stringOf(body.location)}`;
  return kept(existing, "nodeResourceGroup", () => name.slice(0, 80));
}

function issuerUrl({ path, body }: PutRequest, { settings }: Services): string {
  const host = `${stringOf(body.location)}.oic.prod-aks.azure.com`;
  return `https://${host}/${settings.tenantId}/${shortHash(path.id, 32)}/`;
}

const DEFAULTS: JsonObject = {
  enableRBAC: true,
  supportPlan: "KubernetesOfficial",
  disableLocalAccounts: false,
  nodeProvisioningProfile: { mode: "Manual", defaultNodePools: "Auto" },
  bootstrapProfile: { artifactSource: "Direct" },
};

const NETWORK: JsonObject = {
  networkPlugin: "azure",
  networkPolicy: "none",
  networkDataplane: "azure",
  loadBalancerSku: "standard",
  outboundType: "loadBalancer",
  podCidr: "10.244.0.0/16",
  serviceCidr: "10.0.0.0/16",
  dnsServiceIP: "10.0.0.10",
  ipFamilies: ["IPv4"],
};

function pools({ properties }: PutRequest, version: string): JsonObject[] {
  const profiles = (properties.agentPoolProfiles ?? []) as JsonObject[];
  if (!profiles.some(({ mode }) => mode === "System")) {
    throw badRequest("InvalidParameter", "At least one agent pool of mode System is required.");
  }
  for (const { name } of profiles) {
    if (!/^[a-z][a-z0-9]{0,11}$/.test(stringOf(name))) {
      throw badRequest(
        "InvalidParameter",
        `The agent pool name '${stringOf(name)}' must be 1-12 lower-case letters and digits and start with a letter.`,
      );
    }
  }
  return profiles.map((profile) => ({
    ...withDefaults(profile, { count: 1, osType: "Linux", osSKU: "Ubuntu", osDiskType: "Managed" }),
    type: profile.type ?? "VirtualMachineScaleSets",
    orchestratorVersion: profile.orchestratorVersion ?? version,
    currentOrchestratorVersion: version,
    powerState: { code: "Running" },
    provisioningState: "Succeeded",
  }));
}

function checkAccounts({ properties, existing }: PutRequest): void {
  if (!existing && !properties.dnsPrefix && !properties.fqdnSubdomain) {
    throw badRequest("DnsPrefixRequired", "Required parameter dnsPrefix is missing (null).");
  }
  if (properties.disableLocalAccounts === true && !asObject(properties.aadProfile)) {
    throw badRequest(
      "BadRequest",
      "Disabling local accounts is only allowed on clusters with managed Entra ID (aadProfile).",
    );
  }
}

/** There is one real cluster on this machine, so there can be one managed cluster. */
function checkOnlyCluster({ path }: PutRequest, { resources }: Services): void {
  const other = resources.all().find(({ body }) => body.type === TYPE && !sameId(body.id, path.id));
  if (other) {
    throw conflict(
      "QuotaExceeded",
      `The sandbox runs one cluster at a time and '${other.body.id}' exists.`,
    );
  }
}

function resolveVersion({ properties }: PutRequest, { settings }: Services): string {
  const wanted = properties.kubernetesVersion;
  const supported = settings.cluster.kubernetesVersions;
  const found = supported.find(
    (version) =>
      wanted === undefined || version === wanted || version.startsWith(`${stringOf(wanted)}.`),
  );
  if (found) return found;
  throw badRequest(
    "K8sVersionNotSupported",
    `Version ${stringOf(wanted)} is not supported in this region. The supported versions are ${supported.join(", ")}.`,
  );
}

async function start(resource: Resource, services: Services): Promise<void> {
  const { properties, name } = resource.body;
  const kubelet = asObject(asObject(properties.identityProfile)?.kubeletidentity);
  services.cluster.writeKubeletIdentity({
    clientId: stringOf(kubelet?.clientId),
    objectId: stringOf(kubelet?.objectId),
    tenantId: services.settings.tenantId,
    imdsEndpoint: services.baseUrl,
  });
  const access = await services.cluster.start(name);
  resource.internal = { ...resource.internal, access: { ...access } };
  properties.currentKubernetesVersion = access.kubernetesVersion;
  setPower(resource, "Running");
}

function setPower({ body }: Resource, code: "Running" | "Stopped"): void {
  body.properties.powerState = { code };
  const profiles = (body.properties.agentPoolProfiles ?? []) as JsonObject[];
  for (const profile of profiles) profile.powerState = { code };
}

function accessOf({ body, internal }: Resource): ClusterAccess {
  const access = asObject(internal.access);
  if (!access) throw conflict("OperationNotAllowed", `The cluster '${body.name}' was not started.`);
  return access as unknown as ClusterAccess;
}

function adminCredential({ resource }: ActionRequest) {
  if (resource.body.properties.disableLocalAccounts === true) {
    throw badRequest(
      "BadRequest",
      "Getting static credential is not allowed because this cluster is set to disable local accounts.",
    );
  }
  const value = adminKubeconfig(accessOf(resource));
  return { json: { kubeconfigs: [{ name: "clusterAdmin", value }] } };
}

function userCredential({ resource, query }: ActionRequest, { settings }: Services) {
  const access = accessOf(resource);
  const isEntra = asObject(resource.body.properties.aadProfile)?.managed === true;
  if (isEntra && query.get("format") === "azure") {
    throw badRequest("InvalidParameter", "The azure auth provider was removed from Kubernetes.");
  }
  const value = isEntra
    ? userKubeconfig(resource, access, settings.tenantId)
    : adminKubeconfig(access);
  return { json: { kubeconfigs: [{ name: "clusterUser", value }] } };
}

function shortHash(text: string, length = 8): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}
