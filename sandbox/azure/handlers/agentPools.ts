import { asObject, stringOf, type JsonObject } from "../../json";
import { notFound } from "../arm/errors";
import type { ExtraRoute, Services } from "../arm/handler";
import { clientVersions } from "../schema/clientVersions";
import { definitionOfType } from "../schema/definitions";

const CLUSTERS = "Microsoft.ContainerService/managedClusters";
const TYPE = `${CLUSTERS}/agentPools`;

/** A cluster's node pools as resources of their own; they are written with the cluster alone. */
export const agentPools: ExtraRoute = {
  method: "GET",
  path: /(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.ContainerService\/managedClusters\/[^/]+)\/agentPools(?:\/([^/]+))?/,
  apiVersion: definitionOfType(CLUSTERS)?.apiVersion ?? "",
  clientVersions: clientVersions(TYPE),
  action: `${TYPE}/read`,
  handle: ([id = "", clusterId = "", name], _query, services) => {
    const pools = poolsOf(clusterId, services);
    if (!name) return { value: pools };
    const found = pools.find((pool) => pool.name === name.toLowerCase());
    if (!found) throw notFound(id);
    return found;
  },
};

function poolsOf(clusterId: string, { resources }: Services): JsonObject[] {
  const cluster = resources.get(clusterId);
  if (!cluster) throw notFound(clusterId);
  const profiles = cluster.body.properties.agentPoolProfiles;
  return (Array.isArray(profiles) ? profiles : []).map((profile) => {
    const { name, ...properties } = asObject(profile) ?? {};
    const id = `${cluster.body.id}/agentPools/${stringOf(name)}`;
    return { id, name: stringOf(name), type: TYPE, properties };
  });
}
