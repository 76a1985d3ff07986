import { read, service } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";

const KEY = "azureml-aks:services.aks-service-1";
const DNS =
  "must be 1 to 63 characters: lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen";

inFolderWith(SAMPLE_PROJECT);

function one(change: object) {
  return read({ services: { "aks-service-1": service({ ...change }) } });
}

function faults(change: object) {
  return one(change).faults;
}

describe("a service", () => {
  it("has these defaults", () => {
    const { config, faults: found } = one({});
    expect(found).toEqual([]);
    expect(config.services).toMatchObject([
      {
        name: "aks-service-1",
        namespace: "aks-service-1",
        models: ["best_model"],
        scale: { kind: "auto", minReplicas: 2, maxReplicas: 10, targetCpuUtilization: 70 },
        requests: { cpu: "100m", memory: "512Mi" },
        limits: { cpu: "1", memory: "1Gi" },
        exposure: "internal",
        allowEgress: false,
        keyVersions: { primary: 1, secondary: 1 },
        settings: {},
        rolloutTimeoutSeconds: 600,
      },
    ]);
  });

  it("has every setting as written", () => {
    const settings = { SCORING_WORKERS: 2, SCORING_ACCESS_LOG: false };
    expect(
      one({
        namespace: "ns",
        replicas: 3,
        resources: { requests: { cpu: 1, memory: "1Gi" }, limits: { cpu: 2, memory: "2Gi" } },
        exposure: "public",
        allowEgress: true,
        keyVersions: { primary: 2 },
        settings,
        rolloutTimeoutSeconds: 30,
      }).config.services,
    ).toMatchObject([
      {
        namespace: "ns",
        scale: { kind: "fixed", replicas: 3 },
        requests: { cpu: "1", memory: "1Gi" },
        limits: { cpu: "2", memory: "2Gi" },
        exposure: "public",
        allowEgress: true,
        keyVersions: { primary: 2, secondary: 1 },
        settings: { SCORING_WORKERS: "2", SCORING_ACCESS_LOG: "false" },
        rolloutTimeoutSeconds: 30,
      },
    ]);
  });

  it.each(["Upper", "1a", "a-", "a_b", "a.b", "a".repeat(64)])("cannot be called %j", (name) => {
    expect(read({ services: { [name]: service({ namespace: "ns" }) } }).faults).toEqual([
      {
        key: `azureml-aks:services.${name}.name`,
        value: name,
        rule: `the service's name "${name}" ${DNS}`,
        remedy: "rename the key",
      },
    ]);
  });
});

describe("the number of pods", () => {
  it("is not both fixed and following the load", () => {
    expect(faults({ replicas: 3, autoscale: { minReplicas: 1 } })).toEqual([
      {
        key: `${KEY}.replicas`,
        value: 3,
        rule: "must not be set together with autoscale",
        remedy:
          "keep replicas for a fixed number of pods, or autoscale for one that follows the load",
      },
    ]);
  });

  it.each([0, -2, 1.5, "3", 1001, []])("is a whole number above zero, not %j", (replicas) => {
    expect(faults({ replicas })).toEqual([
      {
        key: `${KEY}.replicas`,
        value: replicas,
        rule: "must be a whole number from 1 to 1000",
        remedy: "set a number in that range",
      },
    ]);
  });

  it.each(["minReplicas", "maxReplicas"])("is bounded by numbers above zero in %s", (key) => {
    for (const value of [0, -1]) {
      expect(faults({ autoscale: { [key]: value } })).toMatchObject([
        { key: `${KEY}.autoscale.${key}`, value, rule: "must be a whole number from 1 to 1000" },
      ]);
    }
  });

  it("is not bounded by a minimum above its maximum", () => {
    expect(faults({ autoscale: { minReplicas: 5, maxReplicas: 4 } })).toEqual([
      {
        key: `${KEY}.autoscale.minReplicas`,
        value: 5,
        rule: "must not be above maxReplicas (4)",
        remedy: "lower it or raise maxReplicas",
      },
    ]);
  });

  it("has a maximum above any minimum where none is set", () => {
    expect(one({ autoscale: { minReplicas: 40 } }).config.services[0]?.scale).toMatchObject({
      minReplicas: 40,
      maxReplicas: 40,
    });
  });

  it("is not blamed for the default minimum when only a low maximum is set", () => {
    const { config, faults: found } = one({ autoscale: { maxReplicas: 1 } });
    expect(found).toEqual([]);
    expect(config.services[0]?.scale).toMatchObject({ minReplicas: 1, maxReplicas: 1 });
  });

  it.each([0, 101, 70.5])("follows a load in percent, not %j", (targetCpuUtilization) => {
    expect(faults({ autoscale: { targetCpuUtilization } })).toMatchObject([
      {
        key: `${KEY}.autoscale.targetCpuUtilization`,
        value: targetCpuUtilization,
        rule: "must be a whole number from 1 to 100",
      },
    ]);
  });
});

describe("resources", () => {
  it.each([
    ["cpu", "600m", "500m"],
    ["cpu", "2", "1500m"],
    ["memory", "2Gi", "2G"],
    ["memory", "1025Mi", "1Gi"],
  ])("request no more %s than the limit: %s above %s", (key, request, limit) => {
    const resources = { requests: { [key]: request }, limits: { [key]: limit } };
    expect(faults({ resources })).toEqual([
      {
        key: `${KEY}.resources.requests.${key}`,
        value: request,
        rule: `must not be above the limit (${request} > ${limit})`,
        remedy: "lower the request or raise the limit",
      },
    ]);
  });

  it("are checked against the defaults too", () => {
    expect(faults({ resources: { requests: { memory: "2Gi" } } })).toMatchObject([
      { key: `${KEY}.resources.requests.memory`, rule: "must not be above the limit (2Gi > 1Gi)" },
    ]);
    expect(faults({ resources: { limits: { cpu: "50m" } } })).toMatchObject([
      { rule: "must not be above the limit (100m > 50m)" },
    ]);
  });

  it.each([
    ["requests", "cpu", "-1"],
    ["requests", "cpu", "0"],
    ["limits", "cpu", "one"],
    ["limits", "memory", "1 Gi"],
    ["limits", "memory", "1gi"],
  ])("are quantities above zero: %s.%s is not %j", (part, key, value) => {
    expect(faults({ resources: { [part]: { [key]: value } } })).toEqual([
      {
        key: `${KEY}.resources.${part}.${key}`,
        value,
        rule: "must be a Kubernetes quantity above zero",
        remedy: `write it like "${key === "cpu" ? "500m" : "512Mi"}"`,
      },
    ]);
  });
});

describe("other settings of a service", () => {
  it.each([
    ["exposure", "publc", "must be one of public, internal, cluster", 'did you mean "public"?'],
    ["exposure", 7, "must be one of public, internal, cluster", "choose one of them"],
    ["allowEgress", "true", "must be true or false", "write true or false, without quotes"],
    [
      "rolloutTimeoutSeconds",
      29,
      "must be a whole number from 30 to 86400",
      "set a number in that range",
    ],
  ])("say what %s may be when it is %j", (key, value, rule, remedy) => {
    expect(faults({ [key]: value })).toEqual([{ key: `${KEY}.${key}`, value, rule, remedy }]);
  });

  it.each([
    ["replica", 3, `${KEY}.replica`, 'did you mean "replicas"?'],
    ["exposur", "public", `${KEY}.exposur`, 'did you mean "exposure"?'],
    ["zzzzzzzzzzzz", 1, `${KEY}.zzzzzzzzzzzz`, "remove it"],
  ])("suggest the nearest key for %s", (key, value, path, remedy) => {
    expect(faults({ [key]: value })).toMatchObject([
      { key: path, value, rule: expect.stringContaining("is not a known key") as unknown, remedy },
    ]);
  });

  it.each([
    ["autoscale", { minReplica: 1 }, "autoscale.minReplica", "minReplicas"],
    ["keyVersions", { primry: 1 }, "keyVersions.primry", "primary"],
    ["resources", { limit: {} }, "resources.limit", "limits"],
    ["resources", { limits: { memroy: "1Gi" } }, "resources.limits.memroy", "memory"],
  ])("suggest the nearest key within %s too", (key, value, path, suggestion) => {
    expect(faults({ [key]: value })).toMatchObject([
      { key: `${KEY}.${path}`, remedy: `did you mean "${suggestion}"?` },
    ]);
  });
});
