import { AksCluster, MlWorkspace } from "../../../../components";
import type { ClusterSource } from "../../../../components/existing";
import { withLoginMethod } from "../../../../components/aksCluster/kubeconfig";
import {
  childrenOf,
  ofType,
  registered,
  settled,
  single,
  startMocks,
  SUBSCRIPTION,
  valueOf,
  type Recording,
} from "../../../support/mocks";
import { secret } from "../../../support/secrets";
import {
  ATTACHED_CLUSTER,
  DEPLOYER,
  EXISTING_WORKSPACE,
  NEW_CLUSTER,
} from "../../../support/program";

const CLUSTER = "azure-native:containerservice:ManagedCluster";
const IDENTITY = "azure-native:managedidentity:UserAssignedIdentity";
const ACCESS = "dataplane:index:ClusterAccess";
const OWNERSHIP = "dataplane:index:Ownership";
const ROLE = "azure-native:authorization:RoleAssignment";
const PROVIDER = "pulumi:providers:kubernetes";
const CREDENTIALS = "azure-native:containerservice:listManagedClusterUserCredentials";

// Most tests look at one of two clusters, each from another side.
const started = new Map<ClusterSource, ReturnType<typeof begin>>();

function start(source: ClusterSource): ReturnType<typeof begin> {
  const known = started.get(source) ?? begin(source);
  started.set(source, known);
  return known;
}

async function begin(source: ClusterSource): Promise<[Recording, AksCluster]> {
  const recording = await startMocks();
  const workspace = new MlWorkspace("workspace", {
    source: EXISTING_WORKSPACE,
    deployer: DEPLOYER,
  });
  const cluster = new AksCluster("cluster", { source, workspace, deployer: DEPLOYER });
  await settled();
  return [recording, cluster];
}

/** What the state is told of whose the cluster is. */
function noteOf(recording: Recording) {
  const note = ofType(recording, OWNERSHIP).find(({ name }) => name === "cluster-ownership");
  if (note === undefined) throw new Error("there is no note");
  return note.inputs;
}

function role(recording: Recording, name: string) {
  return ofType(recording, ROLE).find((assignment) => assignment.name === name)?.inputs;
}

describe("a created cluster", () => {
  it("comes with two identities, three roles and a provider for what goes into it", async () => {
    const [recording] = await start(NEW_CLUSTER);
    expect(childrenOf(recording, "AksCluster cluster")).toEqual([
      `${ROLE} cluster-deploy-role`,
      `${ROLE} cluster-operate-role`,
      `${ROLE} cluster-pull-role`,
      `${CLUSTER} cluster`,
      `${IDENTITY} cluster-control-plane-identity`,
      `${IDENTITY} cluster-kubelet-identity`,
      `${ACCESS} cluster-access`,
      "dataplane:index:ClusterOffer cluster-offer",
      `${OWNERSHIP} cluster-ownership`,
      `${PROVIDER} cluster-provider`,
    ]);
  });

  it("lies in the workspace's resource group and location under its configured name", async () => {
    const [recording] = await start(NEW_CLUSTER);
    expect(single(recording, CLUSTER).inputs).toMatchObject({
      resourceGroupName: "theirs",
      location: "northeurope",
      resourceName: "aml-aks-1",
    });
    expect(ofType(recording, IDENTITY).map(({ inputs }) => inputs)).toEqual([
      {
        resourceGroupName: "theirs",
        location: "northeurope",
        resourceName: "id-aml-aks-1-control-plane",
      },
      {
        resourceGroupName: "theirs",
        location: "northeurope",
        resourceName: "id-aml-aks-1-kubelet",
      },
    ]);
  });

  it("lets the kubelet pull from the registry, and not the control plane", async () => {
    const [recording] = await start(NEW_CLUSTER);
    expect(role(recording, "cluster-pull-role")).toMatchObject({
      scope: EXISTING_WORKSPACE.mode === "existing" && EXISTING_WORKSPACE.registryId,
      principalId: "principal-of-cluster-kubelet-identity",
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`,
    });
  });

  it("lets the control plane hand the kubelet its identity", async () => {
    const [recording] = await start(NEW_CLUSTER);
    const kubeletId: unknown = expect.stringMatching(/\/cluster-kubelet-identity$/);
    const operator: unknown = expect.stringMatching(/\/f1a07417-d97a-45cb-824c-7a7467783830$/);
    expect(role(recording, "cluster-operate-role")).toMatchObject({
      scope: kubeletId,
      principalId: "principal-of-cluster-control-plane-identity",
      principalType: "ServicePrincipal",
      roleDefinitionId: operator,
    });
  });

  it("lets the deployer, whatever kind of identity it is, deploy into the cluster", async () => {
    const [recording] = await start(NEW_CLUSTER);
    const clusterId: unknown = expect.stringMatching(/\/ManagedCluster\/cluster$/);
    const administrator: unknown = expect.stringMatching(/\/b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b$/);
    expect(role(recording, "cluster-deploy-role")).toMatchObject({
      scope: clusterId,
      principalId: "deployer",
      roleDefinitionId: administrator,
    });
    expect(role(recording, "cluster-deploy-role")).not.toHaveProperty("principalType");
  });

  it("is made only when its identities have their roles", async () => {
    const [recording] = await start(NEW_CLUSTER);
    expect(registered(recording, CLUSTER).dependsOn).toEqual(
      expect.arrayContaining([`${ROLE} cluster-operate-role`, `${ROLE} cluster-pull-role`]),
    );
  });

  it("is given an hour for what AKS takes long to do", async () => {
    const [recording] = await start(NEW_CLUSTER);
    expect(registered(recording, CLUSTER).timeouts).toEqual({
      create: "60m",
      update: "60m",
      delete: "60m",
    });
  });

  it("does not fight AKS over what AKS itself moves", async () => {
    const [recording] = await start(NEW_CLUSTER);
    expect(registered(recording, CLUSTER).ignoreChanges).toEqual([
      "agentPoolProfiles[0].count",
      "agentPoolProfiles[0].orchestratorVersion",
      "agentPoolProfiles[0].nodeImageVersion",
    ]);
  });

  it("names itself as what its content is deleted with", async () => {
    const [, cluster] = await start(NEW_CLUSTER);
    expect(cluster.owned).toBeDefined();
    expect(cluster.access).toHaveLength(2);
  });
});

describe("the note on whose the cluster is", () => {
  it("names what the stack has made for it, but not the role to pull", async () => {
    const [recording] = await start(NEW_CLUSTER);
    const members = noteOf(recording).members as readonly string[];
    expect(members.map((urn) => urn.split("::").pop())).toEqual([
      "cluster-control-plane-identity",
      "cluster-kubelet-identity",
      "cluster-operate-role",
      "cluster",
      "cluster-deploy-role",
    ]);
  });

  it("names nothing for an attached one, and comes before all that happens on it", async () => {
    const [recording] = await start(ATTACHED_CLUSTER);
    expect(noteOf(recording)).toEqual({
      key: "cluster.mode",
      resourceId: ATTACHED_CLUSTER.id,
    });
    for (const { name } of ofType(recording, PROVIDER)) {
      expect(registered(recording, PROVIDER, name).dependsOn).toContain(
        `${OWNERSHIP} cluster-ownership`,
      );
    }
  });
});

describe("an attached cluster", () => {
  it("gets the role to pull and nothing else", async () => {
    const [recording] = await start(ATTACHED_CLUSTER);
    expect(childrenOf(recording, "AksCluster cluster")).toEqual([
      `${ROLE} cluster-pull-role`,
      `${ACCESS} cluster-access`,
      `${OWNERSHIP} cluster-ownership`,
      `${PROVIDER} cluster-namespace-provider`,
      `${PROVIDER} cluster-provider`,
    ]);
    const acrPull: unknown = expect.stringMatching(/\/7f951dda-4ed3-4680-a7ca-43fe172d538d$/);
    expect(role(recording, "cluster-pull-role")).toMatchObject({
      principalId: "their-kubelet",
      principalType: "ServicePrincipal",
      roleDefinitionId: acrPull,
    });
  });

  it("gets not even that where it may pull already", async () => {
    const [recording] = await start({ ...ATTACHED_CLUSTER, grantPull: false });
    expect(childrenOf(recording, "AksCluster cluster")).toEqual([
      `${ACCESS} cluster-access`,
      `${OWNERSHIP} cluster-ownership`,
      `${PROVIDER} cluster-namespace-provider`,
      `${PROVIDER} cluster-provider`,
    ]);
  });

  it("is nobody's to delete", async () => {
    const [, cluster] = await start(ATTACHED_CLUSTER);
    expect(cluster.owned).toBeUndefined();
  });

  it("is asked for its credentials by its own name and group", async () => {
    const [recording] = await start(ATTACHED_CLUSTER);
    expect(recording.calls).toEqual([
      {
        token: CREDENTIALS,
        inputs: { resourceGroupName: "theirs", resourceName: "theirs", format: "exec" },
        provider: "",
      },
    ]);
  });
});

describe.each([
  ["created", NEW_CLUSTER, "azurecli", /\/ManagedCluster\/cluster$/],
  ["attached", ATTACHED_CLUSTER, "spn", /\/managedClusters\/theirs$/],
] as const)("the outputs of a cluster that is %s", (_, source, login, id) => {
  it("are its id, a kubeconfig for the configured sign-in, a provider and the access", async () => {
    const [recording, cluster] = await start(source);
    expect(await valueOf(cluster.id)).toMatch(id);
    const kubeconfig = await valueOf(cluster.kubeconfig);
    expect(kubeconfig).toContain(login);
    expect(kubeconfig).not.toContain("devicecode");
    // Applying it again changes nothing: it is what AKS gave, with the sign-in replaced.
    expect(withLoginMethod(kubeconfig, login)).toBe(kubeconfig);
    expect(recording.outputs.get("azureml-aks:index:AksCluster cluster")).toEqual([
      "id",
      "kubeconfig",
    ]);
    expect(Object.keys(cluster)).toEqual(
      expect.arrayContaining(["id", "kubeconfig", "provider", "access", "owned"]),
    );
  });

  it("keep the kubeconfig secret, on the way to the provider too", async () => {
    const [recording, cluster] = await start(source);
    const kubeconfig = await valueOf(cluster.kubeconfig);
    for (const { name, inputs } of ofType(recording, PROVIDER)) {
      expect(inputs).toEqual({
        kubeconfig: secret(kubeconfig),
        clusterIdentifier: await valueOf(cluster.id),
        enableServerSideApply: "true",
        enableSecretMutable: "true",
        upsertExistingObjects: String(name === "cluster-provider"),
      });
    }
  });

  it("hold the provider back until pods can be deployed and can pull", async () => {
    const [recording] = await start(source);
    const roles = ofType(recording, ROLE)
      .map(({ type, name }) => `${type} ${name}`)
      .filter((name) => !name.endsWith("operate-role"));
    expect(roles.length).toBeGreaterThan(0);
    for (const { name } of ofType(recording, PROVIDER)) {
      const { dependsOn } = registered(recording, PROVIDER, name);
      expect(dependsOn).toEqual(expect.arrayContaining([...roles, `${ACCESS} cluster-access`]));
    }
  });

  it("wait for a role of the deployer only where this stack assigns it", async () => {
    const [recording] = await start(source);
    expect(single(recording, ACCESS).inputs.isGranted).toBe(source === NEW_CLUSTER);
    expect(registered(recording, ACCESS, "cluster-access").dependsOn).toEqual(
      source === NEW_CLUSTER
        ? expect.arrayContaining([`${ROLE} cluster-deploy-role`])
        : expect.anything(),
    );
  });
});
