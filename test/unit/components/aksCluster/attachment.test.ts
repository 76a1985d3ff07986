import { attachFaults, type ClusterFacts } from "../../../../components/aksCluster/attachment";

describe("a cluster to attach", () => {
  const READY: ClusterFacts = {
    provisioningState: "Succeeded",
    powerState: "Running",
    kubernetesVersion: "1.34.2",
    osTypes: ["Windows", "Linux"],
    kubeletObjectId: "kubelet",
  };

  it("is welcome when it is ready", () => {
    expect(attachFaults(READY)).toEqual([]);
  });

  it.each<[string, Partial<ClusterFacts>, string, string]>([
    [
      "not provisioned",
      { provisioningState: "Upgrading" },
      "must be provisioned; its provisioning state is Upgrading",
      "wait until it is done, or fix it with `az aks update`",
    ],
    [
      "stopped",
      { powerState: "Stopped" },
      "must be running; its power state is Stopped",
      "start it with `az aks start`",
    ],
    [
      "not Linux",
      { osTypes: ["Windows"] },
      "must have a Linux node pool; it has Windows",
      "add one with `az aks nodepool add --os-type Linux`",
    ],
    [
      "without nodes",
      { osTypes: [] },
      "must have a Linux node pool; it has none",
      "add one with `az aks nodepool add --os-type Linux`",
    ],
    [
      "too old",
      { kubernetesVersion: "1.30.1" },
      "must be Kubernetes 1.32 or newer, as 1.MINOR or 1.MINOR.PATCH; it runs 1.30.1",
      "upgrade it with `az aks upgrade`",
    ],
    [
      "without a kubelet identity",
      { kubeletObjectId: undefined },
      "must use managed identities; it has no kubelet identity",
      "convert it with `az aks update --enable-managed-identity`",
    ],
  ])("is refused when it is %s", (_, change, rule, remedy) => {
    expect(attachFaults({ ...READY, ...change })).toEqual([{ rule, remedy }]);
  });

  it("is refused for everything at once", () => {
    const nothing: ClusterFacts = {
      provisioningState: "Failed",
      powerState: "Stopped",
      kubernetesVersion: "1.20.0",
      osTypes: [],
      kubeletObjectId: undefined,
    };
    expect(attachFaults(nothing)).toHaveLength(5);
  });
});
