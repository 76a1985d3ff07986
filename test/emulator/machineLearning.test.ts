import { PRINCIPALS, TestEmulator } from "./support/emulator";
import {
  assignmentBody,
  assignmentId,
  BODIES,
  createWorkspace,
  defaultContainer,
  INSIGHTS,
  ROLE,
  STORAGE,
  uploadModel,
  WORKSPACE,
} from "./support/resources";
import type { JsonObject } from "../../sandbox/json";

let emulator: TestEmulator;
let container: string;
const model = `${WORKSPACE}/models/best_model`;
const uri = (path: string) => `azureml://datastores/workspaceblobstore/paths/${path}`;
const version = (modelUri: string, more: JsonObject = {}): JsonObject => ({
  properties: { modelUri, modelType: "custom_model", ...more },
});

beforeAll(async () => {
  emulator = await TestEmulator.start();
  await createWorkspace(emulator);
  const grant = assignmentBody(ROLE.blobContributor, PRINCIPALS.owner);
  await emulator.create(assignmentId(STORAGE, "1"), grant);
  ({ containerName: container } = await defaultContainer(emulator));
  for (const name of ["m/1/model.pkl", "m/2/a.bin"]) await uploadModel(emulator, name);
  await emulator.create(model, { properties: { tags: { data: "diabetes" } } });
}, 20_000);
afterAll(() => emulator.dispose());

describe("a workspace", () => {
  it.each(["storageAccount", "keyVault", "applicationInsights"])("needs a %s", async (part) => {
    const id = WORKSPACE.replace(/workspace$/, "partial");
    for (const value of [null, INSIGHTS.replace("insights", "none")]) {
      const properties = { ...BODIES.workspace.properties, [part]: value };
      const answer = await emulator.put(id, { ...BODIES.workspace, properties });
      expect([answer.status, answer.code]).toEqual([400, "ValidationError"]);
      expect(answer.message).toContain(part);
    }
  });

  it("gets an identity of its own that can hold roles", async () => {
    const { body } = await emulator.get(WORKSPACE);
    const { principalId } = body.identity as { principalId: string };
    const grant = assignmentBody(ROLE.acrPull, principalId);
    expect((await emulator.put(assignmentId(WORKSPACE, "2"), grant)).status).toBe(201);
    await emulator.create(WORKSPACE, BODIES.workspace);
    expect((await emulator.get(WORKSPACE)).body.identity).toMatchObject({ principalId });
  });

  it("has a default datastore on a container of its storage account", async () => {
    const { body } = await emulator.get(`${WORKSPACE}/datastores/workspaceblobstore`);
    expect(container).toMatch(/^azureml-blobstore-[0-9a-f-]{36}$/);
    expect(body.properties).toMatchObject({ accountName: "account1", datastoreType: "AzureBlob" });
    expect(JSON.stringify(body)).not.toContain("key1");
  });

  it("takes no datastore of one's own", async () => {
    const answer = await emulator.put(`${WORKSPACE}/datastores/mine`, { properties: {} });
    expect(answer.status).toBe(501);
  });
});

describe("a model version", () => {
  it("is registered for a blob that exists, a file or a folder", async () => {
    await emulator.create(`${model}/versions/1`, version(uri("m/1/model.pkl")));
    await emulator.create(`${model}/versions/2`, version(uri("m/2/")));
    const long = `azureml:/${WORKSPACE.toLowerCase().replace("providers/microsoft.machinelearningservices/", "")}/datastores/workspaceblobstore/paths/m/1/model.pkl`;
    await emulator.create(`${model}/versions/3`, version(long));
    const { body } = await emulator.get(`${model}/versions`);
    expect(body.value).toHaveLength(3);
  });

  it.each([
    ["a blob that is not there", uri("m/9/model.pkl")],
    ["a name that only begins like a blob", uri("m/1/model")],
    ["another datastore", "azureml://datastores/other/paths/m/1/model.pkl"],
    ["a path of another kind", "https://example.org/model.pkl"],
  ])("fails for %s", async (_what, modelUri) => {
    const answer = await emulator.put(`${model}/versions/9`, version(modelUri));
    const { status, error } = await emulator.operation(answer);
    expect([status, (error as { code: string }).code]).toEqual(["Failed", "UserError"]);
    await emulator.remove(`${model}/versions/9`);
  });

  it("never points to another file", async () => {
    const moved = await emulator.put(`${model}/versions/1`, version(uri("m/2/")));
    expect([moved.status, moved.code]).toEqual([409, "PropertyChangeNotAllowed"]);
    const tagged = version(uri("m/1/model.pkl"), { tags: { checked: "yes" } });
    expect((await emulator.put(`${model}/versions/1`, tagged)).status).toBe(200);
  });

  it("needs a model", async () => {
    const orphan = `${WORKSPACE}/models/none/versions/1`;
    const answer = await emulator.put(orphan, version(uri("m/1/model.pkl")));
    expect(answer.code).toBe("ParentResourceNotFound");
  });
});
