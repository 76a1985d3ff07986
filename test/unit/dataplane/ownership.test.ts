import { dataplaneProvider } from "../../support/dataplane";

const CLUSTER = "urn:pulumi:dev::project::azureml-aks:index:AksCluster$azure-native:x:Cluster::c";
const NOTE =
  "urn:pulumi:dev::project::azureml-aks:index:AksCluster$dataplane:index:Ownership::cluster-ownership";
const ID = "/subscriptions/s/resourceGroups/g/providers/P/managedClusters/c";
const OWNED = { key: "cluster.mode", resourceId: ID, members: [CLUSTER] };
const USED = { key: "cluster.mode", resourceId: ID, members: [] };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const provider = dataplaneProvider();

async function reasons(olds: object, news: object): Promise<readonly string[]> {
  const { failures = [] } = await provider.check(NOTE, olds, news);
  return failures.map(({ reason }) => reason);
}

describe("a cluster that the stack has made", () => {
  it("is not used as an existing one, since the engine would delete it first", async () => {
    const [reason, ...others] = await reasons(OWNED, {
      ...USED,
      resourceId: ID.toUpperCase(),
    });
    expect(others).toEqual([]);
    expect(reason).toContain(
      "project:cluster.mode: this stack has made what is to be used, and would delete it first",
    );
  });

  it("is handed over, with the note on whose it is, by commands that can be copied", async () => {
    const [reason = ""] = await reasons(OWNED, USED);
    const commands = reason.split("\n").filter((line) => line.startsWith("   "));
    expect(commands.slice(0, -1)).toEqual([
      "   pulumi stack init dev-cluster --no-select",
      "   pulumi state move --yes --source dev --dest dev-cluster \\",
      `     '${CLUSTER}' \\`,
      `     '${NOTE}'`,
    ]);
  });

  it("goes on being the stack's own, and may be given up for another one", async () => {
    expect(await reasons(OWNED, { ...OWNED, members: [CLUSTER, "urn:more"] })).toEqual([]);
    expect(await reasons(OWNED, { ...USED, resourceId: `${ID}-other` })).toEqual([]);
    expect(await reasons(OWNED, { ...USED, resourceId: UNKNOWN })).toEqual([]);
  });

  it("is one that was used, from when the stack makes it", async () => {
    expect(await reasons({}, OWNED)).toEqual([]);
    expect(await reasons({}, USED)).toEqual([]);
    expect(await reasons(USED, USED)).toEqual([]);
    expect(await reasons(USED, OWNED)).toEqual([]);
  });
});

describe("a note on whose something is", () => {
  it("is brought up to date in place", async () => {
    await expect(provider.diff("id", NOTE, USED, OWNED)).resolves.toEqual({
      changes: true,
      replaces: [],
    });
    await expect(
      provider.diff("id", NOTE, OWNED, { ...OWNED, members: [CLUSTER] }),
    ).resolves.toMatchObject({ changes: false });
    await expect(provider.update("id", NOTE, USED, OWNED)).resolves.toEqual({ outs: OWNED });
  });

  it("is in the state alone", async () => {
    await expect(provider.create(NOTE, OWNED)).resolves.toEqual({ id: "ownership", outs: OWNED });
    await expect(provider.read("ownership", NOTE, OWNED)).resolves.toEqual({
      id: "ownership",
      props: OWNED,
      inputs: OWNED,
    });
    await expect(provider.delete("ownership", NOTE, OWNED)).resolves.toBeUndefined();
  });
});
