import { clusterAccess } from "../../../dataplane/clusterAccess";
import { mayMakeNamespaces } from "../../../dataplane/kubernetes/access";
import { RefusedError, UnreachableError } from "../../../dataplane/kubernetes/errors";

jest.mock("../../../dataplane/kubernetes/access");
const answers = jest.mocked(mayMakeNamespaces);

const INPUTS = { clusterId: "/managedClusters/c", kubeconfig: "{}", isGranted: true };

async function make(isGranted: boolean): Promise<readonly string[]> {
  const said: string[] = [];
  const log = { info: (line: string) => said.push(line), status: () => undefined };
  const run = { log, signal: new AbortController().signal, isHeld: () => false };
  const made = clusterAccess.create({ ...INPUTS, isGranted }, run);
  await Promise.all([made, jest.advanceTimersByTimeAsync(60_000)]);
  // The kubeconfig stays out of the state.
  expect(await made).toEqual({
    id: "/managedClusters/c",
    outs: { clusterId: "/managedClusters/c", isGranted },
  });
  return said;
}

beforeEach(() => {
  jest.useFakeTimers();
  answers.mockReset();
});
afterEach(() => jest.useRealTimers());

it("is there at once, without a word, where the deployer may deploy", async () => {
  answers.mockResolvedValue(true);
  expect(await make(false)).toEqual([]);
  expect(answers).toHaveBeenCalledTimes(1);
});

it("waits for a role that is on its way, and for a new API server, and says so", async () => {
  answers.mockRejectedValueOnce(new UnreachableError("no answer"));
  answers.mockResolvedValueOnce(false).mockResolvedValue(true);
  expect(await make(true)).toEqual([
    "deploying to the cluster: waiting until the role " +
      '"Azure Kubernetes Service RBAC Cluster Admin" on /managedClusters/c takes effect (0 s)',
  ]);
  expect(answers).toHaveBeenCalledTimes(3);
});

it("fails at once, with role and cluster, where nobody is going to assign it", async () => {
  answers.mockResolvedValue(false);
  await expect(make(false)).rejects.toThrow(
    /needs the role "Azure Kubernetes Service RBAC Cluster Admin" on \/managedClusters\/c; this stack does not assign it/,
  );
});

it("fails as it is for any other reason", async () => {
  answers.mockRejectedValue(new RefusedError(401, "Unauthorized"));
  await expect(make(true)).rejects.toThrow("Unauthorized");
});
