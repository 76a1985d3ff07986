import { MlWorkspace, RegisteredModel } from "../../../../components";
import {
  childrenOf,
  registered,
  settled,
  single,
  startMocks,
  SUBSCRIPTION,
  valueOf,
  type Recording,
} from "../../../support/mocks";
import {
  DEPLOYER,
  EXISTING_WORKSPACE,
  MODEL,
  NEW_WORKSPACE,
  sampleFile,
} from "../../../support/program";

const BLOBS = "dataplane:index:ModelBlobs";
const CONTAINER = "azure-native:machinelearningservices:ModelContainer";
const OWNERSHIP = "dataplane:index:Ownership";
const VERSION = "azure-native:machinelearningservices:ModelVersion";

async function register(model = MODEL): Promise<[Recording, RegisteredModel]> {
  const recording = await startMocks();
  const workspace = new MlWorkspace("workspace", {
    source: EXISTING_WORKSPACE,
    deployer: DEPLOYER,
  });
  const registeredModel = new RegisteredModel(model.name, { model, workspace });
  await settled();
  return [recording, registeredModel];
}

describe("a registered model", () => {
  it("is made of its blobs, the model's name and one version", async () => {
    const [recording] = await register();
    expect(childrenOf(recording, "RegisteredModel best_model")).toEqual([
      `${CONTAINER} best_model-container`,
      `${VERSION} best_model`,
      `${BLOBS} best_model-blobs`,
      `${OWNERSHIP} best_model-ownership`,
    ]);
  });

  it("uploads into a folder of the workspace's container that its content names", async () => {
    const [recording] = await register();
    expect(single(recording, BLOBS).inputs).toEqual({
      blobEndpoint: "https://theirs.blob.example/",
      containerName: "their-container",
      prefix: "models/best_model/0123456789ab",
      files: [{ name: "model.pkl", source: "scoring/model.pkl" }],
      stackId: "a1b2c3d4",
      stackName: "organization/azureml-aks/test",
      isGranted: false,
      nameIsTaken: false,
      nameId: expect.stringMatching(/\/ModelContainer\/best_model-container$/) as unknown,
    });
  });

  it("uploads only once its name is registered, which fails where another stack has it", async () => {
    const [recording] = await register();
    expect(registered(recording, BLOBS).dependsOn).toContain(`${CONTAINER} best_model-container`);
  });

  it("tells the upload that the workspace has its name already", async () => {
    const [taken] = await register({ ...MODEL, nameIsTaken: true });
    expect(single(taken, BLOBS).inputs).toMatchObject({ nameIsTaken: true });
    const [used] = await register({ ...MODEL, nameIsTaken: true, useExistingContainer: true });
    expect(single(used, BLOBS).inputs).toMatchObject({ nameIsTaken: false });
    expect(single(used, BLOBS).inputs).not.toHaveProperty("nameId");
  });

  it("is only looked at where another stack has registered it", async () => {
    const [recording, model] = await register({ ...MODEL, existing: true, nameIsTaken: true });
    expect(childrenOf(recording, "RegisteredModel best_model")).toEqual([
      `${OWNERSHIP} best_model-ownership`,
    ]);
    expect(await valueOf(model.id)).toMatch(
      /\/workspaces\/ws\/models\/best_model\/versions\/0123456789ab$/,
    );
  });

  it("is registered in the workspace with description and tags", async () => {
    const [recording] = await register();
    expect(single(recording, CONTAINER).inputs).toEqual({
      resourceGroupName: "theirs",
      workspaceName: "ws",
      name: "best_model",
      properties: {
        isArchived: false,
        description: "Ridge regression model to predict diabetes",
        tags: { data: "diabetes", type: "regression" },
      },
    });
    expect(single(recording, VERSION).inputs).toMatchObject({
      resourceGroupName: "theirs",
      workspaceName: "ws",
      name: "best_model",
      version: "0123456789ab",
    });
  });

  it("names its only file as the model", async () => {
    const [recording] = await register();
    expect(single(recording, VERSION).inputs.properties).toEqual({
      modelType: "custom_model",
      modelUri: `azureml://subscriptions/${SUBSCRIPTION}/resourcegroups/theirs/workspaces/ws/datastores/workspaceblobstore/paths/models/best_model/0123456789ab/model.pkl`,
      description: "Ridge regression model to predict diabetes",
      tags: { data: "diabetes", type: "regression" },
      isAnonymous: false,
      isArchived: false,
    });
  });

  it("names the folder where it has several files", async () => {
    const files = [sampleFile("a/model.pkl"), sampleFile("b/model.pkl")];
    const [recording] = await register({ ...MODEL, files });
    expect(single(recording, BLOBS).inputs.files).toEqual([
      { name: "a/model.pkl", source: "scoring/a/model.pkl" },
      { name: "b/model.pkl", source: "scoring/b/model.pkl" },
    ]);
    const folder: unknown = expect.stringMatching(/\/paths\/models\/best_model\/0123456789ab\/$/);
    expect(single(recording, VERSION).inputs.properties).toMatchObject({ modelUri: folder });
  });

  it("becomes a version only after its blobs and its name are there", async () => {
    const [recording] = await register();
    expect(registered(recording, VERSION).dependsOn).toEqual([
      `${CONTAINER} best_model-container`,
      `${BLOBS} best_model-blobs`,
    ]);
  });

  it("leaves a name that somebody else registered alone", async () => {
    const [recording] = await register({ ...MODEL, useExistingContainer: true });
    expect(childrenOf(recording, "RegisteredModel best_model")).toEqual([
      `${VERSION} best_model`,
      `${BLOBS} best_model-blobs`,
      `${OWNERSHIP} best_model-ownership`,
    ]);
    expect(registered(recording, VERSION).dependsOn).toEqual([`${BLOBS} best_model-blobs`]);
  });

  it("uploads only once the deployer has its roles", async () => {
    const recording = await startMocks();
    const workspace = new MlWorkspace("workspace", { source: NEW_WORKSPACE, deployer: DEPLOYER });
    new RegisteredModel("best_model", { model: MODEL, workspace });
    await settled();
    expect(registered(recording, BLOBS).dependsOn).toEqual(
      expect.arrayContaining([
        "azure-native:authorization:RoleAssignment workspace-upload-role",
        "azure-native:authorization:RoleAssignment workspace-push-role",
        "azure-native:authorization:RoleAssignment workspace-delete-role",
      ]),
    );
  });

  it("gives the version's resource id and keeps what it was made from", async () => {
    const [, registeredModel] = await register();
    expect(await valueOf(registeredModel.id)).toMatch(/\/ModelVersion\/best_model$/);
    expect(registeredModel.model).toBe(MODEL);
  });
});
