import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { ContainerServiceClient } from "@azure/arm-containerservice";
import { KeyVaultManagementClient } from "@azure/arm-keyvault";
import { AzureMachineLearningWorkspaces } from "@azure/arm-machinelearning";
import { ManagedServiceIdentityClient } from "@azure/arm-msi";
import { OperationalInsightsManagementClient } from "@azure/arm-operationalinsights";
import { ResourceManagementClient } from "@azure/arm-resources";
import { StorageManagementClient } from "@azure/arm-storage";
import { ClientSecretCredential } from "@azure/identity";
import { GROUP, PRINCIPALS, SUBSCRIPTION, TENANT, TestEmulator } from "./support/emulator";
import {
  assignmentBody,
  assignmentId,
  BODIES,
  CLUSTER,
  createWorkspace,
  identityId,
  LOCATION,
  REGISTRY,
  ROLE,
  STORAGE,
  uploadModel,
  WORKSPACE,
} from "./support/resources";

const LOGS = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs-1`;
const MODEL = `${WORKSPACE}/models/best_model`;
const SUBSCRIPTION_ID = SUBSCRIPTION.split("/").pop() ?? "";

let emulator: TestEmulator;

/** Azure's clients as anybody creates them: nothing is set but where Azure is and whom to trust. */
function clients() {
  const tlsOptions = { ca: emulator.authority };
  const { baseUrl: endpoint } = emulator;
  const credential = new ClientSecretCredential(TENANT, PRINCIPALS.owner, "owner-secret", {
    authorityHost: endpoint,
    disableInstanceDiscovery: true,
    tlsOptions,
  });
  const options = { endpoint, tlsOptions };
  return {
    resources: new ResourceManagementClient(credential, SUBSCRIPTION_ID, options),
    storage: new StorageManagementClient(credential, SUBSCRIPTION_ID, options),
    keyVault: new KeyVaultManagementClient(credential, SUBSCRIPTION_ID, options),
    logs: new OperationalInsightsManagementClient(credential, SUBSCRIPTION_ID, options),
    registries: new ContainerRegistryManagementClient(credential, SUBSCRIPTION_ID, options),
    identities: new ManagedServiceIdentityClient(credential, SUBSCRIPTION_ID, options),
    roles: new AuthorizationManagementClient(credential, SUBSCRIPTION_ID, options),
    machineLearning: new AzureMachineLearningWorkspaces(credential, SUBSCRIPTION_ID, options),
    kubernetes: new ContainerServiceClient(credential, SUBSCRIPTION_ID, options),
  };
}

let azure: ReturnType<typeof clients>;

beforeAll(async () => {
  emulator = await TestEmulator.start();
  azure = clients();
  await createWorkspace(emulator);
  await emulator.create(LOGS, { location: LOCATION, properties: {} });
  await emulator.create(REGISTRY, BODIES.registry);
  await emulator.create(identityId("nodes"), { location: LOCATION });
  await emulator.create(CLUSTER, BODIES.cluster);
  const grant = assignmentBody(ROLE.blobContributor, PRINCIPALS.owner);
  await emulator.create(assignmentId(STORAGE, "1"), grant);
  await uploadModel(emulator, "m/1/model.pkl");
  await emulator.create(MODEL, { properties: {} });
  const modelUri = "azureml://datastores/workspaceblobstore/paths/m/1/model.pkl";
  await emulator.create(`${MODEL}/versions/1`, {
    properties: { modelUri, modelType: "custom_model" },
  });
}, 30_000);
afterAll(() => emulator.dispose());

interface Listed {
  readonly name?: string;
}

async function names(list: AsyncIterable<Listed>): Promise<(string | undefined)[]> {
  const found = [];
  for await (const { name } of list) found.push(name);
  return found.sort();
}

describe("Azure's own clients, with their default API versions, read back", () => {
  it("the resource group", async () => {
    expect((await azure.resources.resourceGroups.get("rg")).location).toBe(LOCATION);
    // A cluster brings a group for its nodes.
    const groups = await names(azure.resources.resourceGroups.list());
    expect(groups).toEqual(["MC_rg_cluster_westeurope", "rg"]);
  });

  it("the storage account and its containers, those of the datastores too", async () => {
    const account = await azure.storage.storageAccounts.getProperties("rg", "account1");
    expect([account.sku?.name, account.allowSharedKeyAccess]).toEqual(["Standard_LRS", false]);
    const store = await azure.machineLearning.datastores.get(
      "rg",
      "workspace",
      "workspaceblobstore",
    );
    expect(store.properties.datastoreType).toBe("AzureBlob");
    const { containerName } = store.properties as { containerName?: string };
    const containers = await names(azure.storage.blobContainers.list("rg", "account1"));
    expect(containers).toEqual(["azureml", containerName]);
    const container = await azure.storage.blobContainers.get("rg", "account1", "azureml");
    expect(container.publicAccess).toBe("None");
  });

  it("the key vault", async () => {
    const vault = await azure.keyVault.vaults.get("rg", "vault-1");
    expect(vault.properties.enableRbacAuthorization).toBe(true);
    expect(await names(azure.keyVault.vaults.listByResourceGroup("rg"))).toEqual(["vault-1"]);
  });

  it("the log workspace", async () => {
    expect((await azure.logs.workspaces.get("rg", "logs-1")).location).toBe(LOCATION);
    expect(await names(azure.logs.workspaces.listByResourceGroup("rg"))).toEqual(["logs-1"]);
  });

  it("the container registry", async () => {
    const registry = await azure.registries.registries.get("rg", "registry1");
    expect(registry.adminUserEnabled).toBe(false);
    expect(registry.loginServer).toMatch(/:\d+$/);
    expect(await names(azure.registries.registries.list())).toEqual(["registry1"]);
  });

  it("the managed identity", async () => {
    const identity = await azure.identities.userAssignedIdentities.get("rg", "nodes");
    expect(identity.principalId).toMatch(/^[0-9a-f-]{36}$/);
    const list = azure.identities.userAssignedIdentities.listByResourceGroup("rg");
    expect(await names(list)).toEqual(["nodes"]);
  });

  it("the role assignment", async () => {
    const name = assignmentId("", "1").split("/").pop() ?? "";
    const assignment = await azure.roles.roleAssignments.get(STORAGE, name);
    expect(assignment.principalId).toBe(PRINCIPALS.owner);
  });

  it("the workspace, its datastores, models and their versions", async () => {
    const { workspaces, datastores, modelContainers, modelVersions } = azure.machineLearning;
    const workspace = await workspaces.get("rg", "workspace");
    expect([workspace.storageAccount, workspace.provisioningState]).toEqual([STORAGE, "Succeeded"]);
    expect(await names(workspaces.listByResourceGroup("rg"))).toEqual(["workspace"]);
    const stores = await names(datastores.list("rg", "workspace"));
    expect(stores).toEqual(["workspaceartifactstore", "workspaceblobstore"]);
    expect(await names(modelContainers.list("rg", "workspace"))).toEqual(["best_model"]);
    expect(await names(modelVersions.list("rg", "workspace", "best_model"))).toEqual(["1"]);
    const version = await modelVersions.get("rg", "workspace", "best_model", "1");
    expect(version.properties).toMatchObject({ modelType: "custom_model", isArchived: false });
  });

  it("the cluster, its node pools as resources of their own, and its credentials", async () => {
    const { managedClusters, agentPools } = azure.kubernetes;
    const cluster = await managedClusters.get("rg", "cluster");
    expect(cluster.agentPoolProfiles?.map(({ name }) => name)).toEqual(["system"]);
    expect(await names(managedClusters.listByResourceGroup("rg"))).toEqual(["cluster"]);
    expect(await names(agentPools.list("rg", "cluster"))).toEqual(["system"]);
    const pool = await agentPools.get("rg", "cluster", "system");
    expect([pool.mode, pool.vmSize, pool.count]).toEqual(["System", "Standard_D2s_v5", 1]);
    await expect(agentPools.get("rg", "cluster", "gpu")).rejects.toMatchObject({ statusCode: 404 });
    const credentials = await managedClusters.listClusterUserCredentials("rg", "cluster");
    expect(credentials.kubeconfigs).toHaveLength(1);
  });
});

describe("Azure's own clients are refused", () => {
  it("where they would write in a version whose bodies the emulator cannot check", async () => {
    const body = { location: LOCATION };
    await expect(azure.resources.resourceGroups.createOrUpdate("other", body)).rejects.toThrow(
      /InvalidApiVersionParameter|is invalid for/,
    );
  });

  it("where a resource does not exist, as they expect it", async () => {
    await expect(azure.kubernetes.managedClusters.get("rg", "none")).rejects.toMatchObject({
      statusCode: 404,
      code: "ResourceNotFound",
    });
  });
});
