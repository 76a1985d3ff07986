import * as pulumi from "@pulumi/pulumi";
import { isDeepStrictEqual } from "node:util";
import program from "../../../index";
import { configuration, service } from "../../support/configuration";
import { CLUSTER_ID, CONFIG_JSON, existing } from "../../support/existing";
import { inFolderWith, SAMPLE_PROJECT, write } from "../../support/folder";
import {
  childrenOf,
  ofType,
  registered,
  settled,
  single,
  startMocks,
  valueOf,
  type Values,
} from "../../support/mocks";
import { SERVICE_OUTPUTS } from "../../support/scoringService";

const EXISTING = {
  workspace: { mode: "existing" },
  cluster: { mode: "attach", resourceId: CLUSTER_ID },
};
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const CREDENTIALS = "dataplane:index:registryCredentials";

inFolderWith({ ...SAMPLE_PROJECT, "config.json": CONFIG_JSON });

async function run(change: Values, preview: boolean) {
  const recording = await startMocks(existing(), preview);
  const texts = Object.entries(configuration(change)).map(([key, value]) => [
    `azureml-aks:${key}`,
    JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts) as Record<string, string>);
  const outputs = await program();
  await settled();
  return { recording, outputs };
}

const MODES = [
  ["new workspace and cluster, in a preview", {}, true],
  ["new workspace and cluster", {}, false],
  ["workspace and cluster that exist, in a preview", EXISTING, true],
  ["workspace and cluster that exist", EXISTING, false],
] as const;

describe.each(MODES)("the program with a %s", (_, change, preview) => {
  // What one run shows is looked at from several sides.
  let done: ReturnType<typeof run> | undefined;
  const once = () => (done ??= run(change, preview));

  it("makes one of each component, in which all resources lie", async () => {
    const { recording } = await once();
    const components = recording.registrations.filter(({ parent }) => parent === undefined);
    expect(components.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "azureml-aks:index:AksCluster cluster",
      "azureml-aks:index:MlWorkspace workspace",
      "azureml-aks:index:RegisteredModel best_model",
      "azureml-aks:index:ScoringImage aks-service-1",
      "azureml-aks:index:ScoringService aks-service-1",
    ]);
  });

  it("exports what other stacks consume, and nothing else", async () => {
    const { outputs } = await once();
    expect(Object.keys(outputs).sort()).toEqual([
      "clusterId",
      "kubeconfig",
      "registryLoginServer",
      "services",
      "workspaceId",
    ]);
    expect(Object.keys(outputs.services)).toEqual(["aks-service-1"]);
    expect(Object.keys(outputs.services["aks-service-1"] ?? {}).sort()).toEqual(SERVICE_OUTPUTS);
  });

  it("marks kubeconfig and keys as secret, and no address", async () => {
    const { outputs } = await once();
    const scoring = outputs.services["aks-service-1"];
    if (scoring === undefined) throw new Error("there is no service");
    expect(await pulumi.isSecret(outputs.kubeconfig)).toBe(true);
    expect(await pulumi.isSecret(scoring.primaryKey)).toBe(true);
    expect(await pulumi.isSecret(scoring.secondaryKey)).toBe(true);
    expect(await pulumi.isSecret(scoring.scoringUri)).toBe(false);
    expect(await pulumi.isSecret(outputs.workspaceId)).toBe(false);
  });

  it("puts no secret in plain text into any resource but marks it", async () => {
    const { recording } = await once();
    const text = JSON.stringify(recording.resources);
    // Every place where one of them stands is wrapped as a secret.
    const unwrapped = text.replace(
      /\{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":(?:"(?:[^"\\]|\\.)*"|\{[^{}]*\})\}/g,
      "",
    );
    // In base64 too, as a Secret has it.
    const encoded = Buffer.from("secret-of").toString("base64");
    expect(unwrapped).not.toMatch(/secret-of-|refresh-token|kubelogin/);
    expect(unwrapped).not.toContain(encoded);
    expect(text).toContain(encoded);
  });

  it("asks for the right to push only when it pushes", async () => {
    const { recording } = await once();
    const asked = recording.calls.filter(({ token }) => token === CREDENTIALS);
    expect(asked).toHaveLength(preview ? 0 : 1);
  });
});

describe("the program with what exists", () => {
  it("registers nothing of Azure but the model and the role to pull", async () => {
    const { recording, outputs } = await run(EXISTING, false);
    const azure = recording.resources.filter(({ type }) => type.startsWith("azure-native:"));
    expect(azure.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "azure-native:authorization:RoleAssignment cluster-pull-role",
      "azure-native:machinelearningservices:ModelContainer best_model-container",
      "azure-native:machinelearningservices:ModelVersion best_model",
    ]);
    expect(await valueOf(outputs.clusterId)).toBe(CLUSTER_ID);
    expect(await valueOf(outputs.registryLoginServer)).toBe("theirimages.example");
  });
});

describe("the program with two services", () => {
  const two = {
    models: {
      best_model: { path: "scoring/model.pkl" },
      other_model: { path: "scoring/model.pkl" },
    },
    services: {
      "aks-service-1": service({ models: ["best_model"] }),
      "aks-service-2": service({ models: ["other_model", "best_model"] }, { name: "myimage2" }),
    },
  };

  it("puts both on one cluster, each into a namespace of its own", async () => {
    const { recording } = await run(two, false);
    expect(ofType(recording, "azure-native:containerservice:ManagedCluster")).toHaveLength(1);
    const namespaces = ofType(recording, "kubernetes:core/v1:Namespace");
    expect(namespaces.map(({ inputs }) => inputs.metadata)).toMatchObject([
      { name: "aks-service-1" },
      { name: "aks-service-2" },
    ]);
  });

  it("gives each the models it names", async () => {
    const { outputs } = await run(two, false);
    const names = (name: string) => outputs.services[name]?.models.map((model) => model.name);
    expect(names("aks-service-1")).toEqual(["best_model"]);
    expect(names("aks-service-2")?.toSorted()).toEqual(["best_model", "other_model"]);
  });

  it("deletes no image before all of them run, since one may have taken another's repository", async () => {
    const { recording } = await run(two, false);
    const rollouts = ["aks-service-1", "aks-service-2"].map(
      (name) => `dataplane:index:Rollout ${name}-rollout`,
    );
    for (const name of ["aks-service-1-retention", "aks-service-2-retention"]) {
      const { dependsOn } = registered(recording, "dataplane:index:ImageRetention", name);
      expect(dependsOn).toEqual(expect.arrayContaining(rollouts));
    }
  });

  it("changes nothing about the first when the second goes", async () => {
    const both = (await run(two, false)).recording;
    const { "aks-service-1": first } = two.services;
    const { recording: alone } = await run({ ...two, services: { "aks-service-1": first } }, false);
    const left = both.resources.filter(({ name }) => !/^(aks-service-2|myimage2\.)/.test(name));
    const byName = (resources: typeof left) =>
      new Map(resources.map(({ type, name, inputs }) => [`${type} ${name}`, inputs]));
    expect(byName(left)).toEqual(byName(alone.resources));
  });
});

describe("the program with a service in a namespace that is not called as itself", () => {
  const named = (services: Values) => run({ services }, false);
  const aliasesOf = async (services: Values, name: string) =>
    registered((await named(services)).recording, DEPLOYMENT, name).aliases;

  it("names what is in it for the namespace, so that a renamed service stays", async () => {
    const { recording } = await named({ renamed: service({ namespace: "kept" }) });
    const names = childrenOf(recording, "ScoringService renamed").map(
      (child) => child.split(" ")[1],
    );
    expect(names.toSorted()).toEqual([
      "kept",
      "kept-account",
      "kept-address",
      "kept-autoscaler",
      "kept-disruption",
      "kept-keys",
      "kept-namespace",
      "kept-network",
      "kept-primary-key",
      "kept-rollout",
      "kept-secondary-key",
      "kept-service",
      "renamed-retention",
    ]);
    const selector = { "app.kubernetes.io/instance": "kept" };
    expect(single(recording, DEPLOYMENT).inputs.spec).toMatchObject({
      selector: { matchLabels: selector },
    });
  });

  it("finds what an earlier version has named for the service", async () => {
    expect(await aliasesOf({ mine: service({ namespace: "kept" }) }, "kept")).toEqual(["mine"]);
  });

  it("leaves what another service has now to that service", async () => {
    const services = {
      one: service({ namespace: "elsewhere" }, { name: "first" }),
      two: service({ namespace: "one" }),
    };
    expect(await aliasesOf(services, "elsewhere")).toEqual([]);
    expect(await aliasesOf(services, "one")).toEqual(["two"]);
  });
});

describe("the program without a service", () => {
  it("makes workspace, model and cluster, and exports no service", async () => {
    const { recording, outputs } = await run({ services: {} }, false);
    expect(outputs.services).toEqual({});
    expect(recording.resources.map(({ type }) => type)).not.toContain("docker:index/image:Image");
    expect(single(recording, "azure-native:containerservice:ManagedCluster")).toBeDefined();
  });
});

describe("the program with a bad configuration", () => {
  it("registers nothing and asks Azure nothing", async () => {
    const recording = await startMocks(existing(), true);
    pulumi.runtime.setAllConfig({ "azureml-aks:workspace": '{"mode": "existng"}' });
    await expect(program()).rejects.toThrow(pulumi.RunError);
    expect(recording.registrations).toEqual([]);
    expect(recording.calls).toEqual([]);
  });

  it("registers nothing when what exists cannot be used", async () => {
    const recording = await startMocks(existing({}, { powerState: { code: "Stopped" } }), true);
    pulumi.runtime.setAllConfig({ "azureml-aks:cluster": JSON.stringify(EXISTING.cluster) });
    await expect(program()).rejects.toThrow("must be running");
    expect(recording.registrations).toEqual([]);
  });
});

describe("a changed model", () => {
  it("changes its blobs and version, the image and the Deployment, and nothing else", async () => {
    const { recording: before } = await run({}, false);
    write({ "scoring/model.pkl": "another model" });
    const { recording: after } = await run({}, false);
    const changed = after.resources.filter(
      ({ type, name, inputs }) =>
        !before.resources.some(
          (old) => old.type === type && old.name === name && isDeepStrictEqual(old.inputs, inputs),
        ),
    );
    expect(changed.map(({ type, name }) => `${type} ${name}`).sort()).toEqual([
      "azure-native:machinelearningservices:ModelVersion best_model",
      "dataplane:index:ImageRetention aks-service-1-retention",
      "dataplane:index:ModelBlobs best_model-blobs",
      "dataplane:index:Rollout aks-service-1-rollout",
      "docker:index/image:Image aks-service-1",
      "kubernetes:apps/v1:Deployment aks-service-1",
    ]);
  });
});

describe("the program run again", () => {
  it("asks for the same resources, input by input", async () => {
    const { recording: before } = await run({}, false);
    const { recording: after } = await run({}, false);
    const order = (a: { name: string; type: string }, b: { name: string; type: string }) =>
      `${a.type} ${a.name}` < `${b.type} ${b.name}` ? -1 : 1;
    expect([...after.resources].sort(order)).toEqual([...before.resources].sort(order));
  });
});
