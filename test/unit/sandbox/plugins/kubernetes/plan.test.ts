import { Secret, UNKNOWN } from "../../../../../sandbox/plugins/protocol";
import type { PropertyMap } from "../../../../../sandbox/plugins/protocol";
import { fieldManager } from "../../../../../sandbox/plugins/kubernetes/fieldManagers";
import { kindOf, refuseWaiting } from "../../../../../sandbox/plugins/kubernetes/kinds";
import { completeInputs } from "../../../../../sandbox/plugins/kubernetes/naming";
import { diffObject } from "../../../../../sandbox/plugins/kubernetes/replacement";

function check(type: string, news: PropertyMap, olds: PropertyMap = {}) {
  const urn = `urn:pulumi:s::p::${type}::web`;
  return completeInputs({ urn, type, name: "web", news, olds, randomSeed: Buffer.of(1) }, "team");
}

describe("type tokens", () => {
  test("name an API version and a kind", () => {
    expect(kindOf("kubernetes:core/v1:Secret")).toMatchObject({
      apiVersion: "v1",
      kind: "Secret",
    });
    expect(kindOf("kubernetes:networking.k8s.io/v1:NetworkPolicy")).toMatchObject({
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
    });
  });

  test.each([
    "kubernetes:helm.sh/v3:Release",
    "kubernetes:yaml/v2:ConfigFile",
    "kubernetes:apps/v1:DeploymentPatch",
    "kubernetes:apps/v1:StatefulSet",
    "kubernetes:core/v1:ConfigMap",
  ])("%s is refused", (token) => expect(() => kindOf(token)).toThrow("does not know"));
});

describe("what the real plugin waits for", () => {
  const refused = (kind: string, annotations: PropertyMap) =>
    refuseWaiting({ kind, metadata: { annotations } }).map(({ property }) => property);

  test.each(["Deployment", "Service"])("is refused, as a %s, unless nothing is to wait", (kind) => {
    expect(refused(kind, {})).toEqual(["metadata.annotations"]);
    expect(refused(kind, { "pulumi.com/skipAwait": "true" })).toEqual([]);
    expect(refuseWaiting({ kind, metadata: UNKNOWN })).toEqual([]);
  });

  test("is no other kind", () => expect(refused("Secret", {})).toEqual([]));
});

describe("inputs", () => {
  test("get API version, kind and the provider's namespace", () => {
    const { inputs, failures } = check("kubernetes:apps/v1:Deployment", {
      metadata: { name: "a" },
    });
    expect(inputs).toEqual({
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "a", namespace: "team" },
    });
    expect(failures).toEqual([]);
  });

  test("of a kind without namespaces get none", () => {
    const { inputs } = check("kubernetes:core/v1:Namespace", { metadata: { name: "a" } });
    expect(inputs["metadata"]).toEqual({ name: "a" });
  });

  test("without a name get one that stays", () => {
    const first = check("kubernetes:core/v1:ServiceAccount", {}).inputs;
    const metadata = first["metadata"] as PropertyMap;
    expect(metadata["name"]).toMatch(/^web-[0-9a-f]{8}$/);
    expect(metadata["annotations"]).toEqual({ "pulumi.com/autonamed": "true" });
    const named = { ...first, metadata: { ...metadata, name: "web-00000000" } };
    const second = check("kubernetes:core/v1:ServiceAccount", {}, named).inputs;
    expect((second["metadata"] as PropertyMap)["name"]).toBe("web-00000000");
  });

  test("keep an unknown name and namespace", () => {
    const metadata = { name: UNKNOWN, namespace: UNKNOWN };
    expect(check("kubernetes:core/v1:Secret", { metadata }).inputs["metadata"]).toEqual(metadata);
  });
});

describe("the field manager", () => {
  const account = (annotations?: Record<string, string>) => ({
    apiVersion: "v1",
    kind: "ServiceAccount",
    metadata: { name: "a", annotations },
  });
  const state = { __fieldManager: "from-the-state" };

  test("is another at each creation", () => {
    expect(fieldManager(account(), {})).toMatch(/^pulumi-kubernetes-[0-9a-f]{8}$/);
    expect(fieldManager(account(), {})).not.toBe(fieldManager(account(), {}));
  });

  test("is the state's after that, and the object's where it names one", () => {
    expect(fieldManager(account(), state)).toBe("from-the-state");
    const named = account({ "pulumi.com/patchFieldManager": "own" });
    expect(fieldManager(named, state)).toBe("own");
  });
});

function object(kind: string, apiVersion: string, rest: PropertyMap): PropertyMap {
  return { apiVersion, kind, metadata: { name: "a", namespace: "team" }, ...rest };
}

/** The live object is what was asked for, with what the server adds. */
function diff(
  olds: PropertyMap,
  news: PropertyMap,
  { mutableSecrets = false, live = olds, ignoreChanges = [] as string[] } = {},
) {
  const oldOutputs = { ...live, status: {}, __inputs: olds, __fieldManager: "us" };
  return diffObject({ oldInputs: olds, oldOutputs, news, ignoreChanges }, mutableSecrets);
}

function replaced(olds: PropertyMap, news: PropertyMap, mutableSecrets = false): boolean {
  return diff(olds, news, { mutableSecrets }).replaces.length > 0;
}

describe("a difference", () => {
  const deployment = (spec: PropertyMap, annotations?: PropertyMap) => {
    const whole = object("Deployment", "apps/v1", { spec });
    return { ...whole, metadata: { ...(whole["metadata"] as PropertyMap), annotations } };
  };
  const secret = (annotations?: PropertyMap) => ({
    ...object("Secret", "v1", { stringData: { a: "1" } }),
    metadata: { name: "a", namespace: "team", annotations },
  });
  const stored = (value: string) => object("Secret", "v1", { data: { a: value } });

  test("is seen against the live object, and only where the inputs had something", () => {
    const olds = deployment({ replicas: 2 });
    const live = deployment({ replicas: 3, paused: false });
    expect(diff(olds, olds, { live }).changes).toEqual([
      { path: ["spec", "replicas"], kind: "update" },
    ]);
  });

  test("is none where it is ignored", () => {
    const ignoreChanges = ["spec.replicas"];
    const news = deployment({ replicas: 3 });
    expect(diff(deployment({ replicas: 2 }), news, { ignoreChanges }).changes).toEqual([]);
  });

  test("is none between two notations of a quantity", () => {
    const limits = (cpu: string, memory: string) =>
      deployment({
        template: { spec: { containers: [{ resources: { limits: { cpu, memory } } }] } },
      });
    const live = limits("1", "1Gi");
    const olds = limits("1000m", "1024Mi");
    expect(diff(olds, olds, { live }).changes).toEqual([]);
  });

  test("is none for what is empty, of any kind but a Secret", () => {
    const empty = deployment({ template: { args: [] } }, {});
    expect(diff(empty, empty, { live: deployment({ template: {} }) }).changes).toEqual([]);
  });

  test("is there each time for a Secret with something empty", () => {
    const olds = secret({});
    const live = stored("MQ==");
    expect(diff(olds, olds, { live }).changes).toEqual([
      { path: ["metadata", "annotations"], kind: "add" },
    ]);
  });

  test("is none between a Secret's text and the data it is stored as", () => {
    const live = stored("MQ==");
    expect(diff(secret(), secret(), { live }).changes).toEqual([]);
    expect(diff(secret(), secret(), { live: stored("Mg==") }).changes).toEqual([
      { path: ["data", "a"], kind: "update" },
    ]);
  });

  test("is none to a state of before the inputs were kept in it", () => {
    const olds = deployment({ replicas: 2 });
    const request = { oldInputs: olds, oldOutputs: olds, news: olds, ignoreChanges: [] };
    expect(diffObject(request, false).changes).toEqual([]);
  });
});

describe("a change replaces the object", () => {
  test.each<[string, string, PropertyMap, PropertyMap]>([
    [
      "Deployment",
      "apps/v1",
      { spec: { selector: { matchLabels: { a: "1" } } } },
      { spec: { selector: { matchLabels: { a: "2" } } } },
    ],
    ["Service", "v1", { spec: { clusterIP: "None" } }, { spec: {} }],
    ["Secret", "v1", { type: "Opaque" }, { type: "kubernetes.io/tls" }],
    [
      "Secret",
      "v1",
      { stringData: { a: new Secret("1") } },
      { stringData: { a: new Secret("2") } },
    ],
  ])("of %s (%s) where the API server takes it in no other way", (kind, version, olds, news) => {
    expect(replaced(object(kind, version, olds), object(kind, version, news))).toBe(true);
  });

  test("when its name or namespace changes", () => {
    const metadata = { name: "a", namespace: "other" };
    const service = object("Service", "v1", {});
    expect(replaced(service, { ...service, metadata })).toBe(true);
    expect(replaced(service, { ...service, metadata: { name: UNKNOWN, namespace: "team" } })).toBe(
      true,
    );
  });
});

describe("a change is made in place", () => {
  test("of everything else", () => {
    const deployment = (image: string) =>
      object("Deployment", "apps/v1", {
        spec: { template: { spec: { containers: [{ image }] } } },
      });
    const { changes, replaces } = diff(deployment("a"), deployment("b"));
    expect(changes).toHaveLength(1);
    expect(replaces).toEqual([]);
  });

  test("of a Secret's data if the provider lets it, unless the Secret is immutable", () => {
    const secret = (a: string, immutable?: boolean) =>
      object("Secret", "v1", { data: { a }, immutable });
    expect(replaced(secret("1"), secret("2"), true)).toBe(false);
    expect(replaced(secret("1", true), secret("2", true), true)).toBe(true);
  });
});

describe("a replacement", () => {
  test("deletes first where both would have the same name", () => {
    const olds = object("Secret", "v1", { data: { a: "1" } });
    const news = object("Secret", "v1", { data: { a: "2" } });
    expect(diff(olds, news).deleteBeforeReplace).toBe(true);
  });

  test("creates first where the name changes or is chosen anew", () => {
    const olds = object("Secret", "v1", { data: { a: "1" } });
    const renamed = { ...olds, metadata: { name: "b", namespace: "team" } };
    const annotations = { "pulumi.com/autonamed": "true" };
    const automatic = { ...olds, metadata: { name: "a", namespace: "team", annotations } };
    expect(diff(olds, renamed).deleteBeforeReplace).toBe(false);
    expect(diff(olds, automatic).deleteBeforeReplace).toBe(false);
  });
});
