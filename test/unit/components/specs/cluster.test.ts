import { managedCluster, MOVED_BY_AKS } from "../../../../components/specs/cluster";
import { NEW_CLUSTER } from "../../../support/program";

const IDENTITIES = {
  controlPlaneId: "/control-plane",
  kubeletId: "/kubelet",
  kubeletClientId: "kubelet-client",
  kubeletObjectId: "kubelet-object",
  tenantId: "tenant",
};

function spec(change: Partial<typeof NEW_CLUSTER> = {}) {
  return managedCluster({ ...NEW_CLUSTER, ...change }, IDENTITIES);
}

describe("a managed cluster", () => {
  it("is this, by default", () => {
    expect(spec()).toEqual({
      sku: { name: "Base", tier: "Standard" },
      dnsPrefix: "aml-aks-1",
      identity: { type: "UserAssigned", userAssignedIdentities: ["/control-plane"] },
      identityProfile: {
        kubeletidentity: {
          resourceId: "/kubelet",
          clientId: "kubelet-client",
          objectId: "kubelet-object",
        },
      },
      enableRBAC: true,
      disableLocalAccounts: true,
      aadProfile: { managed: true, enableAzureRBAC: true, tenantID: "tenant" },
      agentPoolProfiles: [
        {
          name: "system",
          mode: "System",
          type: "VirtualMachineScaleSets",
          osType: "Linux",
          vmSize: "Standard_D4s_v5",
          count: 2,
          minCount: 2,
          maxCount: 3,
          enableAutoScaling: true,
          upgradeSettings: { maxSurge: "33%" },
        },
      ],
      networkProfile: {
        networkPlugin: "azure",
        networkPluginMode: "overlay",
        networkDataplane: "cilium",
        networkPolicy: "cilium",
        loadBalancerSku: "standard",
      },
      autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
      oidcIssuerProfile: { enabled: true },
      securityProfile: { workloadIdentity: { enabled: true } },
      tags: {},
    });
  });

  it("has AKS's default version and an open API server only where nothing else is asked for", () => {
    expect(spec()).not.toHaveProperty("kubernetesVersion");
    expect(spec()).not.toHaveProperty("apiServerAccessProfile");
    expect(spec({ kubernetesVersion: "1.34", authorizedIpRanges: ["192.0.2.0/24"] })).toMatchObject(
      {
        kubernetesVersion: "1.34",
        apiServerAccessProfile: { authorizedIPRanges: ["192.0.2.0/24"] },
      },
    );
  });

  it("spreads its nodes over the zones asked for, and names none otherwise", () => {
    const [unzoned] = spec().agentPoolProfiles;
    expect(unzoned).not.toHaveProperty("availabilityZones");
    const nodes = { ...NEW_CLUSTER.nodes, availabilityZones: ["1", "3"] };
    expect(spec({ nodes }).agentPoolProfiles).toMatchObject([{ availabilityZones: ["1", "3"] }]);
  });

  it.each(["a", "a_b-c", "A".repeat(50), `a${"_".repeat(48)}b`])(
    "has a DNS prefix by Azure's rules when it is called %s",
    (name) => {
      expect(spec({ name }).dnsPrefix).toMatch(/^[a-zA-Z0-9]([a-zA-Z0-9-]{0,52}[a-zA-Z0-9])?$/);
    },
  );

  it("starts with as many nodes as it has at least, and leaves their number to AKS", () => {
    const nodes = { ...NEW_CLUSTER.nodes, minCount: 4, maxCount: 9 };
    expect(spec({ nodes }).agentPoolProfiles).toMatchObject([
      { count: 4, minCount: 4, maxCount: 9 },
    ]);
    expect(MOVED_BY_AKS).toContain("agentPoolProfiles[0].count");
  });
});
