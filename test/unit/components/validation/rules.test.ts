import * as names from "../../../../components/validation/azureNames";
import { attachFaults, type ClusterFacts } from "../../../../components/validation/attachment";
import { CondaFileError, parseCondaFile } from "../../../../components/validation/condaFile";
import { isSupportedKubernetesVersion } from "../../../../components/validation/kubernetesVersion";
import { parseQuantity } from "../../../../components/validation/quantities";
import * as ids from "../../../../components/validation/resourceIds";

describe("name rules", () => {
  it.each<[keyof typeof names, readonly string[]]>([
    ["WORKSPACE_NAME", ["abc", "a-1", "a".repeat(14)]],
    ["CLUSTER_NAME", ["a", "1", "A_b-c", "a".repeat(50)]],
    ["MODEL_NAME", ["a", "1", "best_model", "A-b", "a".repeat(255)]],
    ["IMAGE_NAME", ["a", "a.b", "a_b", "a__b", "a---b", "myimage1"]],
    ["DNS_LABEL", ["a", "aks-service-1", "a".repeat(63)]],
    ["VM_SIZE", ["Standard_D4s_v5", "Standard_B2ms", "Standard_M8-2ms"]],
  ])("let through by %s: %j", (rule, allowed) => {
    for (const name of allowed) expect(name).toMatch(names[rule].pattern);
  });

  it.each<[keyof typeof names, readonly string[]]>([
    ["WORKSPACE_NAME", ["", "ab", "a".repeat(15), "A-b", "1ab", "ab-", "abc\n"]],
    ["CLUSTER_NAME", ["", "a".repeat(51), "-a", "a-", "a.b", "a\n"]],
    ["MODEL_NAME", ["", "a".repeat(256), "-a", "a b", "a/b", "a\n"]],
    ["IMAGE_NAME", ["", "A", "a..b", "a___b", ".a", "a.", "a/b", "a\n"]],
    ["DNS_LABEL", ["", "a".repeat(64), "1a", "a-", "a.b", "A", "a\n"]],
    ["VM_SIZE", ["", "D4s", "standard_D4s", "Standard_", "Standard_D4s v5"]],
  ])("refused by %s: %j", (rule, refused) => {
    for (const name of refused) expect(name).not.toMatch(names[rule].pattern);
  });
});

describe("a Kubernetes version", () => {
  it.each(["1.33", "1.34", "1.35.2", "1.36", "1.36.10"])("%s is supported", (version) => {
    expect(isSupportedKubernetesVersion(version)).toBe(true);
  });

  it.each(["1.32", "1.32.99", "1.37", "1.3", "2.34", "1", "", "1.34-beta", " 1.34", "1.34\n"])(
    "%j is not",
    (version) => {
      expect(isSupportedKubernetesVersion(version)).toBe(false);
    },
  );
});

describe("a Kubernetes quantity", () => {
  it.each([
    ["1", 1],
    ["100m", 0.1],
    ["1.5", 1.5],
    ["2k", 2000],
    ["1M", 1e6],
    ["512Mi", 512 * 1024 ** 2],
    ["1.5Gi", 1.5 * 1024 ** 3],
    ["2Ti", 2 * 1024 ** 4],
  ])("%s is %d", (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 9);
  });

  it.each(["", "0", "0m", "-1", "1 Gi", "1gi", "1K", "Gi", "1e3x", ".5", "1.", "1Gi\n", "NaN"])(
    "%j is none above zero",
    (text) => {
      expect(parseQuantity(text)).toBeUndefined();
    },
  );
});

describe("a conda file", () => {
  it.each([
    ["python=3.11", "3.11"],
    ["python=3.11.4", "3.11"],
    ["python==3.12.1", "3.12"],
    ["python>=3.10", "3.10"],
    ["python =3.9", "3.9"],
    ["python 3.9", "3.9"],
    ["python~=3.11", "3.11"],
    ["python>=3.10,<3.12", "3.10"],
    ["python=3.11.*", "3.11"],
    ["python<=3.10", "3.10"],
    [" python=3.11", "3.11"],
    ["conda-forge::python=3.11", "3.11"],
  ])("with %j asks for Python %s", (requirement, expected) => {
    const text = JSON.stringify({ dependencies: ["numpy", requirement, { pip: ["joblib"] }] });
    expect(parseCondaFile(text)).toEqual({ pythonVersion: expected });
  });

  it.each([
    "python",
    "python<3.12",
    "python!=3.12",
    "python-dateutil=2.9",
    "python_abi=3.11",
    "ipython=8.1",
    "pythonnet=3.0",
  ])("with %j asks for none", (requirement) => {
    expect(parseCondaFile(JSON.stringify({ dependencies: [requirement] }))).toEqual({});
  });

  it.each(["dependencies: [", "- a", "name: x", "dependencies: {}", "null", "dependencies: []"])(
    "is none: %j",
    (text) => {
      expect(() => parseCondaFile(text)).toThrow(CondaFileError);
    },
  );
});

describe("a resource id", () => {
  const id =
    "/subscriptions/00000000-0000-0000-0000-00000000abcd/resourcegroups/My_Group/providers/Microsoft.ContainerService/managedClusters/Aks";

  it("of a cluster is taken apart, whatever its case", () => {
    expect(ids.parseManagedClusterId(id)).toEqual({
      subscriptionId: "00000000-0000-0000-0000-00000000abcd",
      resourceGroupName: "My_Group",
      clusterName: "Aks",
    });
  });

  it("names resource, group and subscription", () => {
    expect(ids.nameFromId(id)).toBe("Aks");
    expect(ids.resourceGroupFromId(id)).toBe("My_Group");
    expect(ids.subscriptionFromId(id)).toBe("00000000-0000-0000-0000-00000000abcd");
  });

  it("without the part that is asked for is an error that quotes it", () => {
    expect(() => ids.resourceGroupFromId("/subscriptions/x")).toThrow(
      '"/subscriptions/x" names no resourceGroups',
    );
    expect(() => ids.subscriptionFromId("plain")).toThrow('"plain" names no subscriptions');
  });
});

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
      "wait until it is done, or mend it with `az aks update`",
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
      "must be a Kubernetes version from 1.33 to 1.36, as 1.MINOR or 1.MINOR.PATCH; it runs 1.30.1",
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
