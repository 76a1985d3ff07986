import type { JsonObject } from "../../json";
import type { ExtraRoute } from "../arm/handler";
import { REGIONS, redundancies, regionName, SIZES, zonesOf } from "../regions/regions";

/** `location eq 'westeurope'`, the one filter that Azure knows here. */
function filteredRegion(query: URLSearchParams): string | undefined {
  return /^location eq '([^']+)'$/.exec(query.get("$filter") ?? "")?.[1];
}

/** What machines there are. */
const computeSkus: ExtraRoute = {
  method: "GET",
  path: /\/subscriptions\/[^/]+\/providers\/Microsoft\.Compute\/skus/,
  apiVersion: "2021-07-01",
  action: "Microsoft.Compute/skus/read",
  handle: (_match, query) => {
    const only = filteredRegion(query);
    const regions =
      only === undefined ? REGIONS : REGIONS.filter((one) => one === regionName(only));
    const value = regions.flatMap((location) =>
      SIZES.map(({ name, architecture }): JsonObject => ({
        resourceType: "virtualMachines",
        name,
        locations: [location],
        locationInfo: [{ location, zones: [...zonesOf(location)] }],
        capabilities: [{ name: "CpuArchitectureType", value: architecture }],
        restrictions: [],
      })),
    );
    return { value };
  },
};

/** What storage accounts there are. */
const storageSkus: ExtraRoute = {
  method: "GET",
  path: /\/subscriptions\/[^/]+\/providers\/Microsoft\.Storage\/skus/,
  apiVersion: "2024-01-01",
  action: "Microsoft.Storage/skus/read",
  handle: () => ({
    value: REGIONS.flatMap((location) =>
      redundancies(location).map((name): JsonObject => ({
        resourceType: "storageAccounts",
        kind: "StorageV2",
        name,
        tier: name.split("_")[0] ?? "",
        locations: [location],
        restrictions: [],
      })),
    ),
  }),
};

/** What versions of Kubernetes AKS runs: here the one that the sandbox has, in all regions. */
const kubernetesVersions: ExtraRoute = {
  method: "GET",
  path: /\/subscriptions\/[^/]+\/providers\/Microsoft\.ContainerService\/locations\/[^/]+\/kubernetesVersions/,
  apiVersion: "2024-05-01",
  action: "Microsoft.ContainerService/locations/kubernetesVersions/read",
  handle: (_match, _query, { settings }) => {
    const [first = ""] = settings.cluster.kubernetesVersions;
    const patches = (minor: string) =>
      settings.cluster.kubernetesVersions.filter((version) => version.startsWith(`${minor}.`));
    const minorOf = (version: string) => version.split(".").slice(0, 2).join(".");
    const minors = [...new Set(settings.cluster.kubernetesVersions.map(minorOf))];
    return {
      values: minors.map((version): JsonObject => ({
        version,
        isDefault: version === minorOf(first),
        isPreview: false,
        capabilities: { supportPlan: ["KubernetesOfficial", "AKSLongTermSupport"] },
        patchVersions: Object.fromEntries(
          patches(version).map((patch) => [patch, { upgrades: [] }]),
        ),
      })),
    };
  },
};

/** What regions offer to a subscription. */
export const offers: readonly ExtraRoute[] = [computeSkus, storageSkus, kubernetesVersions];
