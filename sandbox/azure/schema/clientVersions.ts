/**
 * API versions of Azure's own clients and of the Azure CLI, by ARM type. The emulator answers requests without
 * a body in these as well. Whoever sends a body has to use the version of the program's provider plugin,
 * because bodies are checked against that version's schema alone. Source: the default of each
 * client at the version that package.json or tools/azure-cli pins; a client that moves on fails its test.
 */
const CLIENT_VERSIONS: Readonly<Record<string, readonly string[]>> = {
  // @azure/arm-resources
  "Microsoft.Resources/resourceGroups": ["2025-04-01"],
  // @azure/arm-storage
  "Microsoft.Storage/storageAccounts": ["2026-09-01"],
  "Microsoft.Storage/storageAccounts/blobServices/containers": ["2026-09-01"],
  // @azure/arm-keyvault
  "Microsoft.KeyVault/vaults": ["2026-02-01"],
  // @azure/arm-operationalinsights
  "Microsoft.OperationalInsights/workspaces": ["2025-07-01"],
  // @azure/arm-containerregistry; azure-cli
  "Microsoft.ContainerRegistry/registries": ["2025-11-01", "2026-09-01-preview"],
  // @azure/arm-msi
  "Microsoft.ManagedIdentity/userAssignedIdentities": ["2024-11-30"],
  // @azure/arm-machinelearning
  "Microsoft.MachineLearningServices/workspaces": ["2022-10-01"],
  "Microsoft.MachineLearningServices/workspaces/datastores": ["2022-10-01"],
  "Microsoft.MachineLearningServices/workspaces/models": ["2022-10-01"],
  "Microsoft.MachineLearningServices/workspaces/models/versions": ["2022-10-01"],
  // @azure/arm-containerservice
  "Microsoft.ContainerService/managedClusters": ["2026-06-01"],
  "Microsoft.ContainerService/managedClusters/agentPools": ["2026-06-01"],
};

/** The versions in which a type can be read, beside the one in which it is written. */
export function clientVersions(type: string): readonly string[] {
  return CLIENT_VERSIONS[type] ?? [];
}
