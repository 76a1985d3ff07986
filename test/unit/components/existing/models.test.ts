import * as pulumi from "@pulumi/pulumi";
import { readExisting } from "../../../../components";
import { read } from "../../../support/configuration";
import { CLUSTER_ID, CONFIG_JSON, existing, missing } from "../../../support/existing";
import { DEPLOYER } from "../../../support/program";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";
import { startMocks, type Calls, type Values } from "../../../support/mocks";

const CONTAINER = "azure-native:machinelearningservices:getModelContainer";
const VERSION = "azure-native:machinelearningservices:getModelVersion";
const EXISTING = {
  workspace: { mode: "existing" },
  cluster: { mode: "attach", resourceId: CLUSTER_ID, login: "spn" },
};

inFolderWith({ ...SAMPLE_PROJECT, "config.json": CONFIG_JSON });

async function look(calls: Calls, model: Values = {}, change: Values = EXISTING) {
  const recording = await startMocks({ ...existing(), ...calls });
  const models = { best_model: { path: "scoring/model.pkl", ...model } };
  const { config, faults } = read({ ...change, models });
  expect(faults).toEqual([]);
  const version = config.models[0]?.version ?? "";
  return { recording, version, found: readExisting(config, DEPLOYER.identity) };
}

function forbidden(): never {
  throw Object.assign(new Error("13 INTERNAL"), { details: "AuthorizationFailed" });
}

describe("the name of a model in a workspace that exists", () => {
  it("is free where the workspace does not have it", async () => {
    const { recording, found } = await look({ [CONTAINER]: missing });
    expect(await found).toMatchObject({ models: [{ name: "best_model", nameIsTaken: false }] });
    expect(recording.calls.find(({ token }) => token === CONTAINER)?.inputs).toEqual({
      resourceGroupName: "ml",
      workspaceName: "ws",
      name: "best_model",
    });
  });

  it("is taken where the workspace has it", async () => {
    const { found } = await look({ [CONTAINER]: () => ({ name: "best_model" }) });
    expect(await found).toMatchObject({ models: [{ name: "best_model", nameIsTaken: true }] });
  });

  it("is refused where it cannot be looked up, in Azure's words", async () => {
    const { found } = await look({ [CONTAINER]: forbidden });
    await expect(found).rejects.toThrow(
      /azureml-aks:models\.best_model\.existing = false\n {3}must be a model that the deployer can look up in the workspace: .*AuthorizationFailed/,
    );
  });
});

describe("a model that another stack has registered", () => {
  it("is used when its version is there", async () => {
    const { recording, version, found } = await look(
      { [VERSION]: () => ({ name: "there" }) },
      { existing: true },
    );
    expect(await found).toMatchObject({ models: [{ existing: true, nameIsTaken: true }] });
    expect(recording.calls.find(({ token }) => token === VERSION)?.inputs).toMatchObject({
      name: "best_model",
      version,
    });
    expect(recording.calls.map(({ token }) => token)).not.toContain(CONTAINER);
  });

  it("is refused where its version is not there", async () => {
    const { version, found } = await look({ [VERSION]: missing }, { existing: true });
    await expect(found).rejects.toThrow(pulumi.RunError);
    await expect(found).rejects.toThrow(
      "azureml-aks:models.best_model.existing = true\n" +
        `   must be a model whose version is registered in the workspace; there is no best_model:${version}\n` +
        "   -> give the files that are registered, or remove existing to register these",
    );
  });

  it("is refused in a workspace that is yet to be made", async () => {
    const { recording, found } = await look({}, { existing: true }, {});
    await expect(found).rejects.toThrow(
      "must not be set with workspace.mode: new, where nobody else registers models first",
    );
    expect(recording.calls).toHaveLength(1);
  });
});

describe("the region of a new workspace", () => {
  it.each([
    ["West Europe", "westeurope"],
    ["northeurope", "northeurope"],
  ])("is the one that azure-native is configured for: %s", async (written, location) => {
    const { found } = await look({}, {}, {});
    pulumi.runtime.setConfig("azure-native:location", written);
    expect((await found).workspace).toMatchObject({ mode: "new", location });
  });

  it("is nobody's where none is configured", async () => {
    pulumi.runtime.setAllConfig({});
    const { found } = await look({}, {}, {});
    expect((await found).workspace).not.toHaveProperty("location");
  });
});
