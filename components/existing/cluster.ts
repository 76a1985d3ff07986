import {
  getManagedCluster,
  type GetManagedClusterResult,
} from "@pulumi/azure-native/containerservice/getManagedCluster";
import { attachFaults } from "../aksCluster/attachment";
import type { ClusterConfig } from "../aksCluster/config";
import type { Faults } from "../config/faults";
import { managedClusterId } from "../resourceIds/resourceIds";
import { configKey, reasonOf } from "./refusal";

/** A cluster that exists, as far as the program uses it. */
export interface ExistingCluster {
  readonly id: string;
  readonly name: string;
  readonly resourceGroupName: string;
  /** Object id of the identity that pulls images. */
  readonly kubeletObjectId: string;
}

/** A cluster to create, or the existing one with what the configuration says of its use. */
export type ClusterSource =
  | Extract<ClusterConfig, { mode: "create" }>
  | (Extract<ClusterConfig, { mode: "attach" }> & ExistingCluster);

function kubeletOf(cluster: GetManagedClusterResult): string | undefined {
  return cluster.identityProfile?.kubeletidentity?.objectId;
}

function refusals(cluster: GetManagedClusterResult) {
  return attachFaults({
    provisioningState: cluster.provisioningState,
    powerState: cluster.powerState.code ?? "unknown",
    kubernetesVersion: cluster.currentKubernetesVersion,
    osTypes: (cluster.agentPoolProfiles ?? []).map((pool) => pool.osType ?? "Linux"),
    kubeletObjectId: kubeletOf(cluster),
  });
}

/**
 * The cluster that the configuration names, or what is to be created.
 *
 * @param faults takes what speaks against it; then the result is undefined.
 */
export async function readCluster(
  config: ClusterConfig,
  faults: Faults,
): Promise<ClusterSource | undefined> {
  if (config.mode === "create") return config;
  const refuse = (rule: string, remedy: string): undefined => {
    faults.add({ key: configKey("cluster.resourceId"), value: config.resourceId, rule, remedy });
  };
  const { resourceGroupName, clusterName } = managedClusterId(config.resourceId);
  try {
    const cluster = await getManagedCluster({ resourceGroupName, resourceName: clusterName });
    for (const { rule, remedy } of refusals(cluster)) refuse(rule, remedy);
    const kubeletObjectId = kubeletOf(cluster);
    if (kubeletObjectId === undefined) return undefined;
    return { ...config, id: cluster.id, name: cluster.name, resourceGroupName, kubeletObjectId };
  } catch (error) {
    return refuse(
      `must be a cluster that the deployer can read: ${reasonOf(error)}`,
      "check the id, the subscription and the deployer's role",
    );
  }
}
