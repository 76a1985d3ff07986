import type { Calls, Values } from "./mocks";
import { SUBSCRIPTION } from "./mocks";

const GROUP = `/subscriptions/${SUBSCRIPTION}/resourceGroups`;

/** Resource id of a cluster that was there before. */
export const CLUSTER_ID = `${GROUP}/clusters/providers/Microsoft.ContainerService/managedClusters/theirs`;

/** A v1 `config.json` of a workspace that was there before. */
export const CONFIG_JSON = JSON.stringify({
  subscription_id: SUBSCRIPTION,
  resource_group: "ml",
  workspace_name: "ws",
});

/** What Azure answers about that cluster. */
export const CLUSTER: Values = {
  id: CLUSTER_ID,
  name: "theirs",
  provisioningState: "Succeeded",
  powerState: { code: "Running" },
  currentKubernetesVersion: "1.34.2",
  agentPoolProfiles: [{ osType: "Linux" }],
  identityProfile: { kubeletidentity: { objectId: "their-kubelet" } },
};

/** What Azure answers about that workspace. */
export const WORKSPACE: Values = {
  id: `${GROUP}/ml/providers/Microsoft.MachineLearningServices/workspaces/ws`,
  name: "ws",
  location: "northeurope",
  storageAccount: `${GROUP}/data/providers/Microsoft.Storage/storageAccounts/theirblobs`,
  containerRegistry: `${GROUP}/images/providers/Microsoft.ContainerRegistry/registries/theirimages`,
};

/** What the engine says of a function that looked for what is not there. */
export function missing(): never {
  throw Object.assign(new Error("13 INTERNAL"), { details: 'Status=404 Code="ResourceNotFound"' });
}

/**
 * Answers about a workspace and a cluster that were there before.
 *
 * @param workspace what is different about the workspace.
 * @param cluster what is different about the cluster.
 */
export function existing(workspace: Values = {}, cluster: Values = {}): Calls {
  return {
    "azure-native:machinelearningservices:getWorkspace": () => ({ ...WORKSPACE, ...workspace }),
    "azure-native:machinelearningservices:getModelContainer": missing,
    "azure-native:storage:getStorageAccount": () => ({
      primaryEndpoints: { blob: "https://theirblobs.blob.example/" },
    }),
    "azure-native:containerregistry:getRegistry": () => ({
      id: WORKSPACE.containerRegistry,
      loginServer: "theirimages.example",
    }),
    "azure-native:containerservice:getManagedCluster": () => ({ ...CLUSTER, ...cluster }),
  };
}
