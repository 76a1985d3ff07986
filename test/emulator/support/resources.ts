import { BlobServiceClient } from "@azure/storage-blob";
import type { ContainerClient } from "@azure/storage-blob";
import type { TestEmulator } from "./emulator";
import { GROUP, SUBSCRIPTION } from "./emulator";
import type { JsonObject } from "../../../sandbox/json";

export const LOCATION = "westeurope";
export const STORAGE = `${GROUP}/providers/Microsoft.Storage/storageAccounts/account1`;
export const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/vault-1`;
export const INSIGHTS = `${GROUP}/providers/Microsoft.Insights/components/insights`;
export const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/registry1`;
export const WORKSPACE = `${GROUP}/providers/Microsoft.MachineLearningServices/workspaces/workspace`;
export const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/cluster`;
export const identityId = (name: string) =>
  `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;

/** Smallest request body that Azure takes for each. */
export const BODIES = {
  group: { location: LOCATION },
  storage: {
    location: LOCATION,
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
    properties: { allowSharedKeyAccess: false },
  },
  vault: {
    location: LOCATION,
    properties: {
      tenantId: "11111111-1111-1111-1111-111111111111",
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
    },
  },
  logs: { location: LOCATION, properties: { sku: { name: "PerGB2018" } } },
  insights: { location: LOCATION, kind: "web", properties: { Application_Type: "web" } },
  registry: { location: LOCATION, sku: { name: "Basic" }, properties: {} },
  workspace: {
    location: LOCATION,
    identity: { type: "SystemAssigned" },
    properties: { storageAccount: STORAGE, keyVault: VAULT, applicationInsights: INSIGHTS },
  },
  cluster: {
    location: LOCATION,
    identity: { type: "SystemAssigned" },
    properties: {
      dnsPrefix: "cluster",
      agentPoolProfiles: [{ name: "system", mode: "System", count: 1, vmSize: "Standard_D2s_v5" }],
    },
  },
} satisfies Record<string, JsonObject>;

export const ROLE = {
  blobContributor: "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
  blobReader: "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",
  acrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  acrPush: "8311e382-0749-4cb8-b61a-304f252e45ec",
  acrDelete: "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
  acrTasks: "fb382eab-e894-4461-af04-94435c366c3f",
  identityOperator: "f1a07417-d97a-45cb-824c-7a7467783830",
  clusterAdmin: "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
} as const;

/** Path of a role assignment; `digit` tells assignments of one scope apart. */
export const assignmentId = (scope: string, digit: string) =>
  `${scope}/providers/Microsoft.Authorization/roleAssignments/${digit.repeat(8)}-${digit.repeat(4)}-${digit.repeat(4)}-${digit.repeat(4)}-${digit.repeat(12)}`;

export const assignmentBody = (
  role: string,
  principalId: string,
  principalType?: string,
): JsonObject => ({
  properties: {
    ...(principalType === undefined ? {} : { principalType }),
    roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${role}`,
    principalId,
  },
});

/** Everything that a machine learning workspace needs, and the workspace. */
export async function createWorkspace(emulator: TestEmulator): Promise<void> {
  await emulator.create(GROUP, BODIES.group);
  await emulator.create(STORAGE, BODIES.storage);
  await emulator.create(VAULT, BODIES.vault);
  await emulator.create(INSIGHTS, BODIES.insights);
  await emulator.create(WORKSPACE, BODIES.workspace);
}

/** The container of the workspace's default datastore, for an owner who may write into it. */
export async function defaultContainer(emulator: TestEmulator): Promise<ContainerClient> {
  const { body } = await emulator.get(`${WORKSPACE}/datastores/workspaceblobstore`);
  const { containerName } = body.properties as { containerName: string };
  const token = await emulator.token("owner", "https://storage.azure.com");
  const getToken = () => Promise.resolve({ token, expiresOnTimestamp: Date.now() + 600_000 });
  const options = { tlsOptions: { ca: emulator.authority }, retryOptions: { maxTries: 1 } };
  const blobs = new BlobServiceClient(`${emulator.baseUrl}/account1`, { getToken }, options);
  return blobs.getContainerClient(containerName);
}

/** Uploads a blob of one byte; fails where the container does not exist. */
export async function uploadModel(emulator: TestEmulator, name: string): Promise<void> {
  const container = await defaultContainer(emulator);
  await container.getBlockBlobClient(name).upload("x", 1);
}
