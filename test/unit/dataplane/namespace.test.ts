import { Cluster } from "../../../dataplane/kubernetes/cluster";
import { namespace } from "../../../dataplane/namespace";
import { fakeCluster } from "../../support/fakeCluster";

const INPUTS = { kubeconfig: "a kubeconfig", namespace: "team" };

function inCluster(objects: Readonly<Record<string, unknown>>) {
  jest.spyOn(Cluster, "connect").mockResolvedValue(fakeCluster(objects, []));
}

afterEach(() => jest.restoreAllMocks());

describe("a namespace", () => {
  it("is known by its labels", async () => {
    inCluster({ "readNamespace team": { metadata: { name: "team", labels: { a: "b" } } } });
    await expect(namespace(INPUTS)).resolves.toEqual({ outputs: { labels: { a: "b" } } });
  });

  it("that has none is there all the same", async () => {
    inCluster({ "readNamespace team": { metadata: { name: "team" } } });
    await expect(namespace(INPUTS)).resolves.toEqual({ outputs: { labels: {} } });
  });

  it("is not known where there is none, or the cluster cannot be asked", async () => {
    inCluster({});
    await expect(namespace(INPUTS)).resolves.toEqual({ outputs: {} });
    jest.spyOn(Cluster, "connect").mockRejectedValue(new Error("no such cluster"));
    await expect(namespace(INPUTS)).resolves.toEqual({ outputs: {} });
  });
});
