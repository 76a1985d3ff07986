import type { Context } from "../../../../../sandbox/plugins/protocol";
import { ApiError } from "../../../../../sandbox/plugins/kubernetes/apiError";
import { NotReadyError } from "../../../../../sandbox/plugins/kubernetes/await/wait";
import { Cluster } from "../../../../../sandbox/plugins/kubernetes/cluster";
import { parseConfiguration } from "../../../../../sandbox/plugins/kubernetes/configuration";
import {
  createObject,
  deleteObject,
  updateObject,
} from "../../../../../sandbox/plugins/kubernetes/lifecycle";
import type { Operation } from "../../../../../sandbox/plugins/kubernetes/lifecycle";
import type { KubernetesObject } from "../../../../../sandbox/plugins/kubernetes/object";

type Exchange = Parameters<ConstructorParameters<typeof Cluster>[0]["exchange"]>[0];

/** Answers each request by its method and path; what is not foreseen is not found. */
function clusterOf(answer: (request: Exchange) => object | undefined) {
  const requests: string[] = [];
  const cluster = new Cluster({
    pathOf: ({ kind, name }) => Promise.resolve(`/${kind}/${name}`),
    exchange: (request) => {
      requests.push(`${request.method} ${request.path}`);
      const found = answer(request);
      if (found instanceof Error) return Promise.reject(found);
      if (found === undefined) return Promise.reject(new ApiError(404, "NotFound", "not found"));
      return Promise.resolve(JSON.stringify(found));
    },
  });
  return { cluster, requests };
}

function operation(cluster: Cluster, args = {}): Operation & { said: string[] } {
  const said: string[] = [];
  const say = (message: string) => said.push(message);
  const log = { status: say, warn: say };
  const context: Context = { signal: new AbortController().signal, log };
  const configuration = parseConfiguration({ kubeconfig: "{}", ...args });
  return { cluster, configuration, fieldManager: "us", context, said };
}

const ACCOUNT: KubernetesObject = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "a", namespace: "team", uid: "1" },
};

describe("creating an object", () => {
  test("applies it under our name without taking fields from others", async () => {
    const applied: Exchange[] = [];
    const { cluster } = clusterOf((request) => {
      if (request.method !== "PATCH") return undefined;
      applied.push(request);
      return ACCOUNT;
    });
    await createObject(ACCOUNT, operation(cluster));
    expect(applied).toEqual([
      {
        method: "PATCH",
        path: "/ServiceAccount/a",
        query: { fieldManager: "us", force: "false" },
        apply: ACCOUNT,
      },
    ]);
  });

  test("is refused when it exists already, and nothing is changed", async () => {
    const { cluster, requests } = clusterOf(() => ACCOUNT);
    const creating = createObject(ACCOUNT, operation(cluster));
    await expect(creating).rejects.toThrow(
      "ServiceAccount team/a was not created: it already exists",
    );
    expect(requests).toEqual(["GET /ServiceAccount/a"]);
  });

  test("adopts what exists when the provider says so", async () => {
    const { cluster, requests } = clusterOf(() => ACCOUNT);
    await createObject(ACCOUNT, operation(cluster, { upsertExistingObjects: true }));
    expect(requests).toEqual(["PATCH /ServiceAccount/a"]);
  });

  test("goes on trying while the cluster is starting", async () => {
    let tries = 0;
    const { cluster } = clusterOf(({ method }) => {
      if (method === "GET") return undefined;
      tries += 1;
      const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
      return tries < 2 ? refused : ACCOUNT;
    });
    await createObject(ACCOUNT, operation(cluster));
    expect(tries).toBe(2);
  });

  test("says which fields somebody else holds and how to take them", async () => {
    const conflict = new ApiError(409, "Conflict", 'conflict with "kubectl": .data.a');
    const { cluster } = clusterOf(({ method }) => (method === "PATCH" ? conflict : undefined));
    const creating = createObject(ACCOUNT, operation(cluster));
    await expect(creating).rejects.toThrow(/conflict with "kubectl".*pulumi\.com\/patchForce/);
  });

  test("takes fields from others when the object asks for it", async () => {
    const annotations = { "pulumi.com/patchForce": "true" };
    const forceful = { ...ACCOUNT, metadata: { ...ACCOUNT.metadata, annotations } };
    const forced: (string | undefined)[] = [];
    const { cluster } = clusterOf(({ method, query }) => {
      if (method !== "PATCH") return undefined;
      forced.push(query?.["force"]);
      return forceful;
    });
    await createObject(forceful, operation(cluster));
    expect(forced).toEqual(["true"]);
  });
});

test("updating an object that is gone names the remedy", async () => {
  const { cluster } = clusterOf(() => undefined);
  await expect(updateObject(ACCOUNT, operation(cluster))).rejects.toThrow("pulumi refresh");
});

describe("a Deployment that fails", () => {
  const deployment: KubernetesObject & { spec: object; status: object } = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "j", namespace: "team", uid: "deployment" },
    spec: {},
    status: {
      conditions: [
        {
          type: "Progressing",
          status: "False",
          reason: "ProgressDeadlineExceeded",
          message: "backoff limit",
          lastTransitionTime: "2999-01-01T00:00:00Z",
        },
      ],
    },
  };
  const replicaSet = {
    metadata: { name: "j-0", uid: "set", ownerReferences: [{ uid: "deployment" }] },
  };
  const pod = {
    metadata: { name: "j-1", namespace: "team", uid: "p", ownerReferences: [{ uid: "set" }] },
    status: {
      phase: "Failed",
      containerStatuses: [{ name: "c", state: { terminated: { exitCode: 5, reason: "Error" } } }],
    },
  };
  const { cluster } = clusterOf(({ path }) => {
    if (path === "/Pod/") return { items: [pod] };
    if (path === "/ReplicaSet/") return { items: [replicaSet] };
    if (path === "/Event/") return { items: [] };
    if (path === "/Pod/j-1/log") return ["loading model", "no such file"];
    return path === "/Deployment/j" ? deployment : undefined;
  });

  test("is kept as it is, with the reason, the exit code and the last log lines", async () => {
    const operate = operation(cluster, { upsertExistingObjects: true });
    const failure: unknown = await createObject(deployment, operate).catch(
      (error: unknown) => error,
    );
    if (!(failure instanceof NotReadyError)) throw failure;
    expect(failure.live).toEqual(deployment);
    expect(failure.message.split("\n").slice(0, 4)).toEqual([
      "Deployment team/j did not become ready: backoff limit",
      "Pod j-1 (Failed):",
      '  container "c": exited with 5 (Error)',
      '  last log lines of "c":',
    ]);
    expect(failure.message).toContain("no such file");
  });

  test("is not waited for when it says so", async () => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    const eager = { ...deployment, metadata: { ...deployment.metadata, annotations } };
    const { cluster: applying } = clusterOf(() => eager);
    const operate = operation(applying, { upsertExistingObjects: true });
    expect(await createObject(eager, operate)).toEqual(eager);
  });
});

test("a cancelled wait leaves an object that is not known to be ready", async () => {
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "team", generation: 1 },
    spec: {},
  };
  const { cluster } = clusterOf(() => deployment);
  const operate = operation(cluster, { upsertExistingObjects: true });
  const cancellation = new AbortController();
  const context = { ...operate.context, signal: cancellation.signal };
  const creating = createObject(deployment, { ...operate, context });
  setTimeout(() => cancellation.abort(), 50);
  const failure: unknown = await creating.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(NotReadyError);
  expect(String(failure)).toContain("Deployment team/web: cancelled");
});

describe("deleting an object", () => {
  test("that is gone already is no error", async () => {
    const { cluster } = clusterOf(() => undefined);
    await expect(deleteObject(ACCOUNT, operation(cluster))).resolves.toBeUndefined();
  });

  test("waits until it is gone and says what keeps it", async () => {
    const going = { ...ACCOUNT, metadata: { ...ACCOUNT.metadata, finalizers: ["a/b"] } };
    let looks = 0;
    const { cluster } = clusterOf(({ method }) => {
      if (method === "DELETE") return going;
      looks += 1;
      return looks < 2 ? going : undefined;
    });
    const operate = operation(cluster);
    await deleteObject(ACCOUNT, operate);
    expect(operate.said).toEqual(["waiting until it is gone: finalizers a/b"]);
  });

  test("does not wait for another object of the same name", async () => {
    const other = { ...ACCOUNT, metadata: { ...ACCOUNT.metadata, uid: "2" } };
    const { cluster, requests } = clusterOf(() => other);
    await deleteObject(ACCOUNT, operation(cluster));
    expect(requests).toEqual(["DELETE /ServiceAccount/a", "GET /ServiceAccount/a"]);
  });

  test("gives up after its time-out with what keeps it", async () => {
    const going = { ...ACCOUNT, metadata: { ...ACCOUNT.metadata, finalizers: ["a/b"] } };
    const { cluster } = clusterOf(() => going);
    const deleting = deleteObject(ACCOUNT, { ...operation(cluster), timeout: 0.1 });
    await expect(deleting).rejects.toThrow(
      "ServiceAccount team/a is not gone after 0.1 s: finalizers a/b",
    );
  });
});
