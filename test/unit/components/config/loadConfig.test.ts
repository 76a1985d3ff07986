import * as pulumi from "@pulumi/pulumi";
import { loadConfig } from "../../../../components";
import { Faults } from "../../../../components/config/faults";
import { configuration, read, service } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";
import { startMocks } from "../../../support/mocks";

inFolderWith(SAMPLE_PROJECT);

async function load(values: Readonly<Record<string, unknown>>) {
  const recording = await startMocks();
  const texts = Object.entries(values).map(([key, value]) => [
    key.includes(":") ? key : `azureml-aks:${key}`,
    typeof value === "string" ? value : JSON.stringify(value),
  ]);
  pulumi.runtime.setAllConfig(Object.fromEntries(texts) as Record<string, string>);
  return { load: loadConfig, recording };
}

describe("the stack's configuration", () => {
  it("is read as a whole from the keys of this project", async () => {
    const { load: run } = await load({ ...configuration(), "azure-native:location": "westeurope" });
    const config = run();
    expect(config).toEqual(read().config);
    expect(config.services.map(({ name }) => name)).toEqual(["aks-service-1"]);
  });

  it("may be nearly empty: workspace and cluster have defaults, models and services none", async () => {
    const { load: run } = await load({});
    expect(run()).toMatchObject({
      workspace: { mode: "new", name: "azureml" },
      cluster: { mode: "create", name: "aml-aks-1" },
      models: [],
      services: [],
    });
  });

  it("is refused with every fault at once, and before anything is registered", async () => {
    const { load: run, recording } = await load({
      workspace: { mode: "existing" },
      cluster: { kubernetesVersion: "1.20" },
      models: { best_model: { path: "nowhere.pkl" } },
      services: { "aks-service-1": service({ replicas: 0 }, { entryScript: "nowhere.py" }) },
      modles: {},
    });
    expect(run).toThrow(pulumi.RunError);
    expect(run).toThrow(
      [
        "6 problems in the configuration; nothing was created or changed.",
        "1. azureml-aks:workspace.configFile = (not set)",
        '   must name a file; there is no "config.json"',
        "   -> download config.json from the workspace's page in the Azure portal, or write it with these three fields",
        '2. azureml-aks:cluster.kubernetesVersion = "1.20"',
        "   must be Kubernetes 1.32 or newer, as 1.MINOR or 1.MINOR.PATCH",
        "   -> choose one of `az aks get-versions --location <location>`, or leave it out for AKS's default",
        '3. azureml-aks:models.best_model.path = "nowhere.pkl"',
        "   must name a file or folder that exists",
        "   -> train the model, or fix the path",
        '4. azureml-aks:services.aks-service-1.image.entryScript = "nowhere.py"',
        "   must name a file that exists",
        "   -> name the Python script with init() and run(raw_data)",
        "5. azureml-aks:services.aks-service-1.replicas = 0",
        "   must be a whole number from 1 to 1000",
        "   -> set a number in that range",
        "6. azureml-aks:modles = {}",
        "   is not a known key; known are workspace, cluster, models, services",
        '   -> did you mean "azureml-aks:models"?',
      ].join("\n"),
    );
    expect(recording.resources).toEqual([]);
    expect(recording.calls).toEqual([]);
  });

  it.each([
    ["workspace", "diabetes", '"diabetes"'],
    ["workspace", "[1, 2]", "[1,2]"],
    ["cluster", "{ mode: create }", '"{ mode: create }"'],
    ["models", "7", "7"],
  ])("says that %s must be an object when it is %j", async (key, value, shown) => {
    const { load: run } = await load({ [key]: value });
    expect(run).toThrow(
      `1. azureml-aks:${key} = ${shown}\n   must be an object\n   -> write it as key: value pairs`,
    );
  });

  it("has the project's name in its keys, whatever that is", async () => {
    const renamed = Object.entries(configuration()).map(([key, value]) => [
      `Churn_1.:${key}`,
      value,
    ]);
    const { load: run } = await load(Object.fromEntries(renamed) as Record<string, unknown>);
    const project = jest.spyOn(pulumi, "getProject").mockReturnValue("Churn_1.");
    expect(run().services.map(({ name }) => name)).toEqual(["aks-service-1"]);
    project.mockRestore();
  });

  it("is refused with the keys of the project's original name, which would count for nothing", async () => {
    const { load: run } = await load(configuration());
    const project = jest.spyOn(pulumi, "getProject").mockReturnValue("churn");
    expect(run).toThrow(
      "must have the name of this project, which is churn\n   -> rename the key to churn:workspace",
    );
    project.mockRestore();
  });

  it("leaves keys of other projects alone", async () => {
    const { load: run } = await load({ ...configuration(), "azureml-aks-2:modles": "{}" });
    expect(run).not.toThrow();
  });
});

describe("a report of faults", () => {
  const faults = new Faults();
  faults.add({
    key: "project:key",
    value: "x".repeat(200),
    rule: "must be short",
    remedy: "shorten it",
  });

  it("shows long values cut", () => {
    expect(() => faults.throwIfAny()).toThrow(
      `1 problem in the configuration; nothing was created or changed.\n1. project:key = "${"x".repeat(79)}…\n   must be short\n   -> shorten it`,
    );
  });

  it("is no report when there are none", () => {
    expect(() => new Faults().throwIfAny()).not.toThrow();
  });
});
