import * as ids from "../../../../components/resourceIds/resourceIds";

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
