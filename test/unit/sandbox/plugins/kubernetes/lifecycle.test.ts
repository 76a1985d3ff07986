import type { Context } from "../../../../../sandbox/plugins/protocol";
import { ApiError } from "../../../../../sandbox/plugins/kubernetes/apiError";
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

const ADOPTING = { upsertExistingObjects: true };

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
    await createObject(ACCOUNT, operation(cluster, ADOPTING));
    expect(applied).toEqual([
      {
        method: "PATCH",
        path: "/ServiceAccount/a",
        query: { fieldManager: "us", force: "false" },
        content: { type: "apply", body: ACCOUNT },
      },
    ]);
  });

  test("is refused when it exists already, and nothing is changed", async () => {
    const exists = new ApiError(409, "AlreadyExists", 'serviceaccounts "a" already exists');
    const { cluster, requests } = clusterOf(({ method }) => (method === "POST" ? exists : ACCOUNT));
    await expect(createObject(ACCOUNT, operation(cluster))).rejects.toBe(exists);
    expect(requests).toEqual(["POST /ServiceAccount/"]);
  });

  test("of a preview changes nothing", async () => {
    const asked: (string | undefined)[] = [];
    const { cluster } = clusterOf(({ query }) => {
      asked.push(query?.["dryRun"]);
      return ACCOUNT;
    });
    await createObject(ACCOUNT, { ...operation(cluster), preview: true });
    await createObject(ACCOUNT, { ...operation(cluster, ADOPTING), preview: true });
    expect(asked).toEqual(["All", "All"]);
  });

  test("adopts what exists when the provider says so", async () => {
    const { cluster, requests } = clusterOf(() => ACCOUNT);
    await createObject(ACCOUNT, operation(cluster, ADOPTING));
    expect(requests).toEqual(["PATCH /ServiceAccount/a"]);
  });

  test("goes on trying while the server is busy", async () => {
    let tries = 0;
    const { cluster } = clusterOf(() => {
      tries += 1;
      return tries < 2 ? new ApiError(503, "ServiceUnavailable", "busy") : ACCOUNT;
    });
    await createObject(ACCOUNT, operation(cluster));
    expect(tries).toBe(2);
  });

  test("says which fields somebody else holds, and where to read on", async () => {
    const conflict = new ApiError(409, "Conflict", 'conflict with "kubectl": .data.a');
    const { cluster } = clusterOf(({ method }) => (method === "PATCH" ? conflict : undefined));
    const creating = createObject(ACCOUNT, operation(cluster, ADOPTING));
    await expect(creating).rejects.toThrow(
      /^server-side apply field conflict detected, see .*\nThe resource managed by field manager "us" had an apply conflict: conflict with "kubectl": .data.a$/,
    );
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
    await createObject(forceful, operation(cluster, ADOPTING));
    expect(forced).toEqual(["true"]);
  });
});

describe("updating an object", () => {
  const update = { ignoreChanges: [] as string[], oldFieldManager: "us" };
  const live = (managedFields: object[]) => ({
    ...ACCOUNT,
    spec: { replicas: 6 },
    metadata: { ...ACCOUNT.metadata, managedFields },
  });
  const wanted = { ...ACCOUNT, spec: { replicas: 2 } } as KubernetesObject;
  const replicas = { "f:spec": { "f:replicas": {} } };

  async function sent(managedFields: object[], given = update) {
    const contents: Exchange["content"][] = [];
    const { cluster } = clusterOf(({ content }) => {
      if (content) contents.push(content);
      return live(managedFields);
    });
    await updateObject(wanted, given, operation(cluster));
    return contents;
  }

  test("that is gone fails with the server's answer", async () => {
    const { cluster } = clusterOf(() => undefined);
    const updating = updateObject(ACCOUNT, update, operation(cluster));
    await expect(updating).rejects.toMatchObject({ status: 404 });
  });

  test("leaves out an ignored field that only others manage", async () => {
    const controller = { manager: "controller", operation: "Update", fieldsV1: replicas };
    const [content] = await sent([controller], { ...update, ignoreChanges: ["spec.replicas"] });
    expect(content?.body).toMatchObject({ spec: {} });
    expect(content?.body).not.toHaveProperty("spec.replicas");
  });

  test.each([
    ["we manage", [{ manager: "us", operation: "Apply", fieldsV1: replicas }]],
    ["nobody manages", []],
  ])("keeps the value of an ignored field that %s", async (_, managedFields) => {
    const [content] = await sent(managedFields, { ...update, ignoreChanges: ["spec.replicas"] });
    expect(content?.body).toMatchObject({ spec: { replicas: 6 } });
  });

  test("takes over what was created without server-side apply, and not what a subresource changed", async () => {
    const created = { manager: "pulumi-kubernetes", operation: "Update", fieldsV1: replicas };
    const scaled = { ...created, manager: "kubectl", subresource: "scale" };
    const [first, second] = await sent([created, scaled]);
    expect(first).toEqual({
      type: "operations",
      body: [
        {
          op: "replace",
          path: "/metadata/managedFields",
          value: [scaled, { manager: "us", operation: "Apply", fieldsV1: replicas }],
        },
      ],
    });
    expect(second).toEqual({ type: "apply", body: wanted });
  });

  test("lets go of the fields under the old name when the name changes", async () => {
    const contents = await sent([], { ...update, oldFieldManager: "before" });
    expect(contents[1]?.body).toEqual({
      apiVersion: "v1",
      kind: "ServiceAccount",
      metadata: { name: "a", namespace: "team" },
    });
  });
});

describe("deleting an object", () => {
  test("that is gone already is no error", async () => {
    const { cluster } = clusterOf(() => undefined);
    await expect(deleteObject(ACCOUNT, operation(cluster))).resolves.toBeUndefined();
  });

  test("waits for no Deployment that says so, but for any other kind", async () => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    const metadata = { ...ACCOUNT.metadata, annotations };
    const looks = async (kind: string) => {
      let live = 2;
      const { cluster, requests } = clusterOf(({ method }) =>
        method === "DELETE" || live-- > 0 ? ACCOUNT : undefined,
      );
      await deleteObject({ ...ACCOUNT, kind, metadata }, operation(cluster));
      return requests.length;
    };
    expect(await looks("Deployment")).toBe(2);
    expect(await looks("Service")).toBe(4);
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
