import * as pulumi from "@pulumi/pulumi";
import { readExisting } from "../../../../components";
import { CLUSTER_ID, CONFIG_JSON, existing } from "../../../support/existing";
import { read } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";
import { DEPLOYER } from "../../../support/program";
import { startMocks, SUBSCRIPTION, type Calls, type Values } from "../../../support/mocks";

const EXISTING = {
  workspace: { mode: "existing" },
  cluster: { mode: "attach", resourceId: CLUSTER_ID, login: "spn" },
};

inFolderWith({ ...SAMPLE_PROJECT, "config.json": CONFIG_JSON });

async function found(calls: Calls, change: Values = EXISTING) {
  const recording = await startMocks(calls);
  const { config, faults } = read(change);
  expect(faults).toEqual([]);
  return { recording, foundations: readExisting(config, DEPLOYER.identity) };
}

function forbidden(): never {
  // The engine reports the failure of a function as gRPC does.
  throw Object.assign(new Error("13 INTERNAL"), { details: "AuthorizationFailed" });
}

describe("what the program starts from", () => {
  it("is the deployer alone when workspace and cluster are to be made", async () => {
    const { recording, foundations } = await found({}, {});
    expect(await foundations).toMatchObject({
      deployer: { objectId: "deployer", subscriptionId: SUBSCRIPTION, tenantId: "tenant" },
      workspace: { mode: "new", name: "diabetes" },
      cluster: { mode: "create", name: "aml-aks-1" },
    });
    expect(recording.calls.map(({ token }) => token)).toEqual([
      "azure-native:authorization:getClientConfig",
    ]);
  });

  it("is what exists, read by its own names and groups", async () => {
    const { recording, foundations } = await found(existing());
    expect(await foundations).toMatchObject({
      workspace: {
        mode: "existing",
        name: "ws",
        resourceGroupName: "ml",
        location: "northeurope",
        blobEndpoint: "https://theirblobs.blob.example/",
        containerName: "azureml-blobstore-1",
        loginServer: "theirimages.example",
      },
      cluster: {
        mode: "attach",
        login: "spn",
        grantPull: true,
        id: CLUSTER_ID,
        name: "theirs",
        resourceGroupName: "clusters",
        kubeletObjectId: "their-kubelet",
      },
    });
    const asked = Object.fromEntries(recording.calls.map(({ token, inputs }) => [token, inputs]));
    expect(asked).toMatchObject({
      "azure-native:machinelearningservices:getWorkspace": {
        resourceGroupName: "ml",
        workspaceName: "ws",
      },
      "azure-native:storage:getStorageAccount": {
        resourceGroupName: "data",
        accountName: "theirblobs",
      },
      "azure-native:containerregistry:getRegistry": {
        resourceGroupName: "images",
        registryName: "theirimages",
      },
      "azure-native:containerservice:getManagedCluster": {
        resourceGroupName: "clusters",
        resourceName: "theirs",
      },
    });
    expect(recording.resources).toEqual([]);
  });
});

describe("what exists is refused", () => {
  it.each<[string, Values, Values, string]>([
    [
      "a cluster that is stopped",
      {},
      { powerState: { code: "Stopped" } },
      `azureml-aks:cluster.resourceId = "${CLUSTER_ID.slice(0, 79)}…\n   must be running; its power state is Stopped\n   -> start it with \`az aks start\``,
    ],
    [
      "a cluster that is being made",
      {},
      { provisioningState: "Creating" },
      "must be provisioned; its provisioning state is Creating",
    ],
    [
      "a cluster without Linux nodes",
      {},
      { agentPoolProfiles: [{ osType: "Windows" }] },
      "must have a Linux node pool; it has Windows",
    ],
    [
      "a cluster of an old version",
      {},
      { currentKubernetesVersion: "1.29.0" },
      "must be Kubernetes 1.32 or newer, as 1.MINOR or 1.MINOR.PATCH; it runs 1.29.0",
    ],
    [
      "a cluster without managed identities",
      {},
      { identityProfile: {} },
      "must use managed identities; it has no kubelet identity",
    ],
    [
      "a workspace without a registry",
      { containerRegistry: "" },
      {},
      'azureml-aks:workspace = "ws"\n   must have a container registry of its own\n   -> attach one with `az ml workspace update --container-registry <id>`',
    ],
  ])("when it is %s", async (_, workspace, cluster, message) => {
    const { recording, foundations } = await found(existing(workspace, cluster));
    await expect(foundations).rejects.toThrow(pulumi.RunError);
    await expect(foundations).rejects.toThrow(message);
    expect(recording.resources).toEqual([]);
  });

  it("with everything that is wrong about both, in one message", async () => {
    const { foundations } = await found(
      existing(
        { containerRegistry: "" },
        { powerState: { code: "Stopped" }, agentPoolProfiles: [] },
      ),
    );
    await expect(foundations).rejects.toThrow("3 problems in the configuration");
  });

  it("when the deployer cannot read it, in Azure's words", async () => {
    const { foundations } = await found({
      "azure-native:machinelearningservices:getWorkspace": forbidden,
      "azure-native:containerservice:getManagedCluster": forbidden,
    });
    await expect(foundations).rejects.toThrow("2 problems in the configuration");
    await expect(foundations).rejects.toThrow(
      /must be a workspace that the deployer can read: .*AuthorizationFailed[^]*must be a cluster that the deployer can read: .*AuthorizationFailed/,
    );
  });

  it("when its models lie in no blob container", async () => {
    const { foundations } = await found({
      ...existing(),
      "azure-native:machinelearningservices:getDatastore": () => ({
        properties: { datastoreType: "AzureFile" },
      }),
    });
    await expect(foundations).rejects.toThrow(
      /azureml-aks:workspace = "ws"\n {3}must have a blob container as its default datastore/,
    );
  });

  it("when it lies in another subscription, before anything is read of it", async () => {
    const other = "00000000-0000-0000-0000-00000000ffff";
    const { recording, foundations } = await found({
      "azure-native:authorization:getClientConfig": () => ({
        objectId: "deployer",
        subscriptionId: other,
        tenantId: "tenant",
      }),
    });
    await expect(foundations).rejects.toThrow(
      [
        "2 problems in the configuration; nothing was created or changed.",
        `1. azureml-aks:workspace.configFile = "${SUBSCRIPTION}"`,
        `   must lie in the subscription that azure-native works in (${other})`,
        `   -> run \`pulumi config set azure-native:subscriptionId ${SUBSCRIPTION}\``,
        `2. azureml-aks:cluster.resourceId = "${SUBSCRIPTION}"`,
      ].join("\n"),
    );
    expect(recording.calls).toHaveLength(1);
  });

  it("only when the subscription differs by more than its letters' case", async () => {
    const upper = SUBSCRIPTION.toUpperCase();
    const { foundations } = await found({
      ...existing(),
      "azure-native:authorization:getClientConfig": () => ({
        objectId: "deployer",
        subscriptionId: upper,
        tenantId: "tenant",
      }),
    });
    await expect(foundations).resolves.toMatchObject({ deployer: { subscriptionId: upper } });
  });
});
