import { DataplaneProvider } from "../../../dataplane/provider";
import { secret } from "../../support/secrets";
import { stringInput } from "../../../dataplane/resourceType";

const COMPONENT = "urn:pulumi:stack::project::azureml-aks:index:RegisteredModel";
const BLOBS = `${COMPONENT}$dataplane:index:ModelBlobs::best_model-blobs`;
const REPOSITORY = "urn:pulumi:stack::project::dataplane:index:ImageRepository::repository";
const RETENTION = "urn:pulumi:stack::project::dataplane:index:ImageRetention::retention";
const UNKNOWN = "urn:pulumi:stack::project::dataplane:index:Nothing::x";

const BLOBS_INPUTS = {
  blobEndpoint: "https://account.blob.example/",
  containerName: "container",
  prefix: "models/best_model/0123456789ab",
  files: [{ name: "model.pkl", source: "scoring/model.pkl" }],
};
const RETENTION_INPUTS = { loginServer: "registry.example", repository: "stack/image", tag: "abc" };

const log = { info: jest.fn(), status: jest.fn() };
const provider = new DataplaneProvider({ of: () => log });

describe("the data plane provider", () => {
  it("says what it is", async () => {
    expect(JSON.parse(await provider.getSchema())).toEqual({ name: "dataplane", version: "1.0.0" });
  });

  it("takes inputs as they are", async () => {
    await expect(provider.check(BLOBS, {}, BLOBS_INPUTS)).resolves.toEqual({
      inputs: BLOBS_INPUTS,
    });
  });

  it.each([
    ["check", () => provider.check(UNKNOWN, {}, {})],
    ["diff", () => provider.diff("id", UNKNOWN, {}, {})],
    ["create", () => provider.create(UNKNOWN, {})],
    ["read", () => provider.read("id", UNKNOWN, {})],
    ["delete", () => provider.delete("id", UNKNOWN, {})],
  ])("refuses to %s a type that it does not have", async (_, operation) => {
    await expect((async () => operation())()).rejects.toThrow(
      'the dataplane provider has no type "dataplane:index:Nothing"',
    );
  });

  it("refuses a function that it does not have", async () => {
    await expect((async () => provider.invoke("dataplane:index:nothing", {}))()).rejects.toThrow(
      'the dataplane provider has no function "dataplane:index:nothing"',
    );
  });
});

describe("a changed input", () => {
  it.each([
    ["blobEndpoint", BLOBS, BLOBS_INPUTS],
    ["containerName", BLOBS, BLOBS_INPUTS],
    ["prefix", BLOBS, BLOBS_INPUTS],
    ["loginServer", REPOSITORY, { ...RETENTION_INPUTS, generation: "one" }],
    ["repository", REPOSITORY, RETENTION_INPUTS],
    ["loginServer", RETENTION, RETENTION_INPUTS],
    ["repository", RETENTION, RETENTION_INPUTS],
  ])("of %s makes a new resource", async (key, urn, inputs) => {
    await expect(provider.diff("id", urn, inputs, { ...inputs, [key]: "other" })).resolves.toEqual({
      changes: true,
      replaces: [key],
    });
  });

  it("of the tag to keep is brought up to date in place", async () => {
    const other = { ...RETENTION_INPUTS, tag: "other" };
    await expect(provider.diff("id", RETENTION, RETENTION_INPUTS, other)).resolves.toEqual({
      changes: true,
      replaces: [],
    });
  });

  it("names every input that changed", async () => {
    const other = { ...RETENTION_INPUTS, loginServer: "other", repository: "other" };
    await expect(provider.diff("id", RETENTION, RETENTION_INPUTS, other)).resolves.toMatchObject({
      replaces: ["loginServer", "repository"],
    });
  });

  it.each([
    ["blobs", BLOBS, BLOBS_INPUTS],
    ["retention", RETENTION, RETENTION_INPUTS],
  ])("is none for a %s with equal inputs", async (_, urn, inputs) => {
    await expect(provider.diff("id", urn, inputs, { ...inputs })).resolves.toMatchObject({
      changes: false,
      replaces: [],
    });
  });

  it("is not where the files lie on the machine that deploys", async () => {
    const files = [{ name: "model.pkl", source: "/elsewhere/model.pkl" }];
    await expect(
      provider.diff("id", BLOBS, BLOBS_INPUTS, { ...BLOBS_INPUTS, files }),
    ).resolves.toMatchObject({ changes: false });
  });
});

describe("a claim on a repository", () => {
  it("is known by the repository's name, and made without asking the registry", async () => {
    await expect(provider.create(REPOSITORY, RETENTION_INPUTS)).resolves.toEqual({
      id: "registry.example/stack/image",
      outs: {
        ...RETENTION_INPUTS,
        generation: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      },
    });
  });

  it("is another one each time it is made, so that an image is pushed into it again", async () => {
    const [one, other] = await Promise.all([
      provider.create(REPOSITORY, RETENTION_INPUTS),
      provider.create(REPOSITORY, RETENTION_INPUTS),
    ]);
    expect(one.outs).not.toEqual(other.outs);
  });

  it("that an earlier version has made becomes complete in place, and keeps its repository", async () => {
    const news = { ...RETENTION_INPUTS, repository: "renamed/image" };
    await expect(provider.diff("id", REPOSITORY, RETENTION_INPUTS, news)).resolves.toEqual({
      changes: true,
      replaces: [],
    });
    await expect(provider.update("id", REPOSITORY, RETENTION_INPUTS, news)).resolves.toEqual({
      outs: { ...RETENTION_INPUTS, generation: expect.any(String) as unknown },
    });
  });

  it("stays what it is in a stack with another name, and moves with an image's", async () => {
    const claimed = { ...RETENTION_INPUTS, generation: "one" };
    const renamed = (repository: string) =>
      provider.diff("id", REPOSITORY, claimed, { ...RETENTION_INPUTS, repository });
    await expect(renamed("renamed/image")).resolves.toMatchObject({ changes: false });
    await expect(renamed("stack/other")).resolves.toMatchObject({ replaces: ["repository"] });
  });
});

describe("a secret input", () => {
  const secretly = { ...RETENTION_INPUTS, repository: secret("stack/image") };

  it("is worked with as any other, and stays secret in what is made of it", async () => {
    await expect(provider.create(REPOSITORY, secretly)).resolves.toMatchObject({
      id: "registry.example/stack/image",
      outs: secretly,
    });
  });

  it("is no change beside the same value", async () => {
    const made = { ...RETENTION_INPUTS, generation: "one" };
    await expect(provider.diff("id", REPOSITORY, made, secretly)).resolves.toMatchObject({
      changes: false,
    });
  });

  it("stays secret in an update", async () => {
    const renamed = { ...RETENTION_INPUTS, repository: "renamed/image" };
    await expect(provider.update("id", REPOSITORY, secretly, renamed)).resolves.toMatchObject({
      outs: secretly,
    });
  });
});

describe("an input that is a string", () => {
  it("is returned as it is", () => {
    expect(stringInput({ key: " value " }, "key")).toBe(" value ");
  });

  it.each([undefined, null, "", 7, {}, []])("is not %j", (value) => {
    expect(() => stringInput({ key: value }, "key")).toThrow(
      'the input "key" must be a string that is not empty',
    );
  });
});
