import { read } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";

const ID =
  "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/g/providers/Microsoft.ContainerService/managedClusters/c";
const COPY = "copy it from `az aks show --name <name> --resource-group <group> --query id`";
const ID_RULE =
  "must be the resource id of an AKS cluster: /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.ContainerService/managedClusters/<name>";

inFolderWith(SAMPLE_PROJECT);

function faults(cluster: unknown) {
  return read({ cluster }).faults;
}

describe("a cluster to create", () => {
  it("has these defaults", () => {
    expect(read({ cluster: undefined }).config.cluster).toEqual({
      mode: "create",
      name: "aml-aks-1",
      tier: "Standard",
      nodes: { vmSize: "Standard_D4s_v5", minCount: 2, maxCount: 3, availabilityZones: [] },
      authorizedIpRanges: [],
      tags: {},
    });
  });

  it("can have at most as many nodes as it must have, if that is more than the default", () => {
    expect(read({ cluster: { nodes: { minCount: 5 } } }).config.cluster).toMatchObject({
      nodes: { minCount: 5, maxCount: 5 },
    });
  });

  it("is not blamed for the default minimum when only a low maximum is set", () => {
    const { config, faults: found } = read({ cluster: { nodes: { maxCount: 1 } } });
    expect(found).toEqual([]);
    expect(config.cluster).toMatchObject({ nodes: { minCount: 1, maxCount: 1 } });
  });

  it.each(["", " ", "-a", "a-", "_a", "a.b", "a b", "a".repeat(51)])(
    "cannot be called %j",
    (name) => {
      expect(faults({ name })).toMatchObject([{ key: "azureml-aks:cluster.name", value: name }]);
    },
  );

  it("names the rule and the remedy for its name", () => {
    expect(faults({ name: "a.b" })).toEqual([
      {
        key: "azureml-aks:cluster.name",
        value: "a.b",
        rule: "must be 1 to 50 characters: letters, digits, hyphens and underscores, starting and ending with a letter or digit",
        remedy: "choose a name by this rule",
      },
    ]);
  });

  it.each(["1.31", "1.24.0", "2.34", "v1.34", "1.34.", "1.34.1.2", "latest", "1"])(
    "cannot run Kubernetes %s",
    (kubernetesVersion) => {
      expect(faults({ kubernetesVersion })).toEqual([
        {
          key: "azureml-aks:cluster.kubernetesVersion",
          value: kubernetesVersion,
          rule: "must be Kubernetes 1.32 or newer, as 1.MINOR or 1.MINOR.PATCH",
          remedy:
            "choose one of `az aks get-versions --location <location>`, or leave it out for AKS's default",
        },
      ]);
    },
  );

  it.each(["1.36", "1.37", "1.40.1", "1.34.7", 1.34])(
    "can run Kubernetes %s",
    (kubernetesVersion) => {
      const { config, faults: found } = read({ cluster: { kubernetesVersion } });
      expect(found).toEqual([]);
      expect(config.cluster).toMatchObject({ kubernetesVersion: String(kubernetesVersion) });
    },
  );

  it.each([{ tier: "Premium" }, {}])("has the Premium tier with long-term support: %j", (tier) => {
    const longTerm = { supportPlan: "AKSLongTermSupport", kubernetesVersion: "1.33", ...tier };
    const { config, faults: found } = read({ cluster: longTerm });
    expect(found).toEqual([]);
    expect(config.cluster).toMatchObject({ ...longTerm, tier: "Premium" });
  });

  it.each(["1.32", "1.33.4"])("runs %s with long-term support only", (kubernetesVersion) => {
    expect(faults({ kubernetesVersion })).toEqual([
      {
        key: "azureml-aks:cluster.kubernetesVersion",
        value: kubernetesVersion,
        rule: "has long-term support only",
        remedy:
          "choose 1.34 or newer, or set supportPlan to AKSLongTermSupport, which has the Premium tier",
      },
    ]);
  });

  it.each([
    [{ supportPlan: "AKSLongTermSupport", tier: "Standard" }, "remove tier"],
    [{ tier: "Premium" }, "set supportPlan to AKSLongTermSupport, or choose Standard"],
  ])("has the Premium tier and long-term support only together: not %j", (cluster, remedy) => {
    expect(faults(cluster)).toEqual([
      {
        key: "azureml-aks:cluster.tier",
        value: cluster.tier,
        rule: "must be Premium with supportPlan AKSLongTermSupport, and only then",
        remedy,
      },
    ]);
  });

  it.each([0, -1, 1.5, 1001, "2", true])("cannot have %j nodes at least", (minCount) => {
    expect(faults({ nodes: { minCount } })).toEqual([
      {
        key: "azureml-aks:cluster.nodes.minCount",
        value: minCount,
        rule: "must be a whole number from 1 to 1000",
        remedy: "set a number in that range",
      },
    ]);
  });

  it("cannot have more nodes at least than at most", () => {
    expect(faults({ nodes: { minCount: 4, maxCount: 3 } })).toEqual([
      {
        key: "azureml-aks:cluster.nodes.minCount",
        value: 4,
        rule: "must not be above maxCount (3)",
        remedy: "lower it or raise maxCount",
      },
    ]);
  });

  it("needs the name of a VM size", () => {
    expect(faults({ nodes: { vmSize: "D4s" } })).toEqual([
      {
        key: "azureml-aks:cluster.nodes.vmSize",
        value: "D4s",
        rule: 'must be an Azure VM size such as "Standard_D4s_v5"',
        remedy: "see `az vm list-skus --resource-type virtualMachines --location <location>`",
      },
    ]);
  });

  it.each([[[1, 2, 3]], [["1", 2]]])("takes zones without quotes: %j", (availabilityZones) => {
    const { config } = read({ cluster: { nodes: { availabilityZones } } });
    expect(config.cluster).toMatchObject({
      nodes: { availabilityZones: availabilityZones.map(String) },
    });
  });

  it("has no zone twice", () => {
    expect(faults({ nodes: { availabilityZones: [1, "1"] } })).toMatchObject([
      { rule: 'must not name "1" twice', remedy: "remove one of them" },
    ]);
  });

  it.each([[["4"]], [["1", "eu"]]])("has no zones %j", (availabilityZones) => {
    expect(faults({ nodes: { availabilityZones } })).toMatchObject([
      {
        key: "azureml-aks:cluster.nodes.availabilityZones",
        value: availabilityZones,
        rule: 'must be zones "1", "2" and "3"',
      },
    ]);
  });

  it("can be reached from addresses and CIDR ranges", () => {
    expect(faults({ authorizedIpRanges: ["192.0.2.7", "192.0.2.0/24", "10.0.0.0/8"] })).toEqual([]);
  });

  it.each([
    ["0.0.0.0/0"],
    ["192.0.2.0/0"],
    ["here"],
    ["2001:db8::/32"],
    ["192.0.2.0/24/8"],
    ["300.1.1.1/77"],
    ["192.0.2.0/33"],
    ["256.0.0.1"],
    ["192.0.2"],
    ["192.0.2.0/"],
    ["192.0.2.0/2x"],
  ])("cannot be reached from %s", (range) => {
    expect(faults({ authorizedIpRanges: [range] })).toEqual([
      {
        key: "azureml-aks:cluster.authorizedIpRanges",
        value: [range],
        rule: "must be IPv4 addresses or CIDR ranges other than 0.0.0.0/0",
        remedy: "list the networks that deploy, or leave the key out",
      },
    ]);
  });

  it("is not created under the id of another, and says so", () => {
    expect(faults({ mode: "create", resourceId: ID })).toMatchObject([
      { key: "azureml-aks:cluster.resourceId", value: ID, remedy: "remove it" },
    ]);
  });

  it("suggests the sign-in that was meant", () => {
    expect(faults({ login: "azcli" })).toMatchObject([
      { key: "azureml-aks:cluster.login", value: "azcli", remedy: 'did you mean "azurecli"?' },
    ]);
  });
});

describe("a cluster to attach", () => {
  it("is named by its resource id, in any case", () => {
    for (const resourceId of [ID, ID.toUpperCase(), ID.toLowerCase()]) {
      const { config, faults: found } = read({ cluster: { mode: "attach", resourceId } });
      expect(found).toEqual([]);
      expect(config.cluster).toEqual({
        mode: "attach",
        resourceId,
        grantPull: true,
      });
    }
  });

  it("needs an id", () => {
    expect(faults({ mode: "attach" })).toEqual([
      {
        key: "azureml-aks:cluster.resourceId",
        value: undefined,
        rule: "is required",
        remedy: COPY,
      },
    ]);
  });

  it.each([
    "aml-aks-1",
    `${ID}/agentPools/a`,
    ID.replace("Microsoft.ContainerService/managedClusters", "Microsoft.Compute/virtualMachines"),
    ID.replace("00000000-0000-0000-0000-000000000001", "mine"),
    ID.replace("/subscriptions", "subscriptions"),
    `${ID}/`,
  ])("is not named by %s", (resourceId) => {
    expect(faults({ mode: "attach", resourceId })).toEqual([
      { key: "azureml-aks:cluster.resourceId", value: resourceId, rule: ID_RULE, remedy: COPY },
    ]);
  });

  it("is not changed: settings of a new one are refused", () => {
    const cluster = { mode: "attach", resourceId: ID, kubernetesVersion: "1.34", nodes: {} };
    expect(faults(cluster).map(({ key }) => key)).toEqual([
      "azureml-aks:cluster.kubernetesVersion",
      "azureml-aks:cluster.nodes",
    ]);
  });
});
