import { managedCluster, MOVED_BY_AKS } from "../../../../components/aksCluster/managedCluster";
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
  it("signs everybody in through Entra and decides by Azure's roles, without local accounts", () => {
    expect(spec()).toMatchObject({
      enableRBAC: true,
      disableLocalAccounts: true,
      aadProfile: { managed: true, enableAzureRBAC: true, tenantID: "tenant" },
    });
  });

  it("works with the identities that it is given, and pulls images with the kubelet's", () => {
    expect(spec()).toMatchObject({
      identity: { type: "UserAssigned", userAssignedIdentities: ["/control-plane"] },
      identityProfile: {
        kubeletidentity: {
          resourceId: "/kubelet",
          clientId: "kubelet-client",
          objectId: "kubelet-object",
        },
      },
    });
  });

  it("enforces network policies, which are all that keeps pods apart", () => {
    const { networkDataplane, networkPolicy } = spec().networkProfile;
    // Azure refuses Cilium's policies on another data plane.
    expect([networkDataplane, networkPolicy]).toEqual(["cilium", "cilium"]);
  });

  it("lets pods have identities of their own, for which it needs an issuer of tokens", () => {
    const { oidcIssuerProfile, securityProfile } = spec();
    expect(securityProfile.workloadIdentity.enabled && oidcIssuerProfile.enabled).toBe(true);
  });

  it("has one pool of Linux nodes that can run the system's pods and grows within its bounds", () => {
    expect(spec().agentPoolProfiles).toMatchObject([
      { mode: "System", osType: "Linux", enableAutoScaling: true, minCount: 2, maxCount: 3 },
    ]);
  });

  it("sends the support plan only where the configuration has one, so that older clusters do not change", () => {
    expect(spec()).not.toHaveProperty("supportPlan");
    const longTerm = { tier: "Premium", supportPlan: "AKSLongTermSupport" } as const;
    expect(spec(longTerm)).toMatchObject({
      sku: { name: "Base", tier: "Premium" },
      supportPlan: "AKSLongTermSupport",
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
