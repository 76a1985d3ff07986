import { blobContainer } from "../../../dataplane/blobContainer";
import { dataplaneProvider } from "../../support/dataplane";

jest.mock("../../../dataplane/blobContainer");

const URN =
  "urn:pulumi:dev::project::azureml-aks:index:RegisteredModel$dataplane:index:ModelBlobs::m-blobs";
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const BLOB = "models/best_model/0123456789ab/model.pkl";
const INPUTS = {
  blobEndpoint: "https://account.blob.example/",
  containerName: "container",
  prefix: "models/best_model/0123456789ab",
  files: [{ name: "model.pkl", source: "scoring/model.pkl" }],
  stackId: "ours",
  stackName: "organization/project/dev",
  nameIsTaken: false,
  nameId: "/models/best_model",
};
const OUR_MARK = {
  azuremlaks_stack_id: "ours",
  azuremlaks_stack: "organization/project/dev",
  azuremlaks_owns_name: "true",
};
const THEIR_MARK = {
  azuremlaks_stack_id: "theirs",
  azuremlaks_stack: "organization/project/prod",
  azuremlaks_owns_name: "true",
};

type Metadata = Record<string, string>;

/** Metadata by name of the blob. */
let blobs: Map<string, Metadata>;
let uploads: number;

function refusal(statusCode: number): Error {
  return Object.assign(new Error(`status ${statusCode}`), { statusCode });
}

function blobClient(name: string) {
  return {
    uploadFile: (
      _source: string,
      { metadata, conditions }: { metadata: Metadata; conditions?: { ifNoneMatch: string } },
    ) => {
      if (conditions?.ifNoneMatch === "*" && blobs.has(name)) throw refusal(409);
      blobs.set(name, metadata);
      uploads += 1;
      return Promise.resolve();
    },
    getProperties: () => {
      const metadata = blobs.get(name);
      if (metadata === undefined) throw refusal(404);
      return Promise.resolve({ metadata, etag: "1" });
    },
    delete: () => {
      blobs.delete(name);
      return Promise.resolve();
    },
  };
}

async function* listed(prefix: string) {
  for (const [name, metadata] of blobs) {
    if (name.startsWith(prefix)) yield await Promise.resolve({ name, metadata });
  }
}

const provider = dataplaneProvider();

beforeEach(() => {
  jest.clearAllMocks();
  blobs = new Map();
  uploads = 0;
  jest.mocked(blobContainer).mockImplementation(() => {
    const container = {
      url: "https://account.blob.example/container",
      getBlobClient: blobClient,
      getBlockBlobClient: blobClient,
      listBlobsFlat: ({ prefix }: { prefix: string }) => listed(prefix),
    };
    return Promise.resolve(container as unknown as Awaited<ReturnType<typeof blobContainer>>);
  });
});

describe("the upload of a model", () => {
  it("marks what it uploads with its stack", async () => {
    await expect(provider.create(URN, INPUTS)).resolves.toEqual({
      id: "https://account.blob.example/container/models/best_model/0123456789ab",
      outs: INPUTS,
    });
    expect(Object.fromEntries(blobs)).toEqual({ [BLOB]: OUR_MARK });
  });

  it("takes up what a run of its own left that was cut off", async () => {
    blobs.set(BLOB, OUR_MARK);
    await provider.create(URN, INPUTS);
    expect(uploads).toBe(1);
  });

  it.each([
    ["the stack organization/project/prod", THEIR_MARK],
    ["somebody else", {}],
  ])("overwrites nothing that was uploaded by %s", async (who, mark) => {
    blobs.set(BLOB, mark);
    await expect(provider.create(URN, INPUTS)).rejects.toThrow(
      `${BLOB} is there already, uploaded by ${who}`,
    );
    expect(uploads).toBe(0);
  });
});

describe("deleting a model's blobs", () => {
  it.each([
    ["its own", OUR_MARK],
    ["those that were uploaded before there were marks", {}],
  ])("deletes %s", async (_, mark) => {
    blobs.set(BLOB, mark);
    await provider.delete("id", URN, INPUTS);
    expect(blobs.size).toBe(0);
  });

  it("leaves what another stack has uploaded", async () => {
    blobs.set(BLOB, THEIR_MARK);
    await provider.delete("id", URN, INPUTS);
    const { stackId, stackName, ...before } = INPUTS;
    expect([stackId, stackName]).toHaveLength(2);
    await provider.delete("id", URN, before);
    expect(blobs.size).toBe(1);
  });

  it("is done where there are none", async () => {
    await expect(provider.delete("id", URN, INPUTS)).resolves.toBeUndefined();
  });
});

describe("a model that is about to be uploaded", () => {
  async function reasons(change: object = {}, olds: object = {}): Promise<readonly string[]> {
    const { failures = [] } = await provider.check(URN, olds, { ...INPUTS, ...change });
    return failures.map(({ reason }) => reason);
  }

  const KEY = "project:models.best_model: ";
  const VERSION =
    "has uploaded this version of the model already, and deletes it when it gives it up; " +
    "set existing: true to use it from this stack, or register it under another key of models";
  const NAME =
    `${KEY}its name is the stack organization/project/prod's, and goes with all its versions when that ` +
    "stack gives it up; register it under another key of models";
  const TAKEN =
    `${KEY}its name is registered in the workspace already, and not by this stack; register it under ` +
    "another key of models, or set useExistingContainer: true if the name stays for good";

  it("is refused where another stack has uploaded this version", async () => {
    blobs.set(BLOB, THEIR_MARK);
    expect(await reasons()).toEqual([`${KEY}the stack organization/project/prod ${VERSION}`]);
    expect(await reasons({ stackId: UNKNOWN })).toEqual([
      `${KEY}the stack organization/project/prod ${VERSION}`,
    ]);
  });

  it("is refused where somebody has whom no mark names", async () => {
    blobs.set(BLOB, {});
    expect(await reasons()).toEqual([`${KEY}somebody else ${VERSION}`]);
  });

  it("is refused under a name that another stack would delete", async () => {
    blobs.set("models/best_model/other/model.pkl", THEIR_MARK);
    expect(await reasons({ nameId: UNKNOWN })).toEqual([NAME]);
    expect(await reasons({ nameId: undefined })).toEqual([NAME]);
  });

  it("may join another's versions under a name that is its own, or nobody's", async () => {
    blobs.set("models/best_model/other/model.pkl", {
      ...THEIR_MARK,
      azuremlaks_owns_name: "false",
    });
    expect(await reasons()).toEqual([]);
    expect(await reasons({ nameId: undefined })).toEqual([]);
    blobs.set("models/best_model_2/other/model.pkl", THEIR_MARK);
    expect(await reasons({ nameId: undefined })).toEqual([]);
  });

  it("is refused under a name that was registered by other means", async () => {
    expect(await reasons({ nameIsTaken: true, nameId: UNKNOWN })).toEqual([TAKEN]);
    expect(await reasons({ nameIsTaken: true })).toEqual([]);
  });

  it("is the stack's own where its state has it, or its mark is on it", async () => {
    blobs.set(BLOB, OUR_MARK);
    expect(await reasons()).toEqual([]);
    blobs.set(BLOB, {});
    expect(await reasons({}, INPUTS)).toEqual([]);
  });

  it("keeps the name that it registered, which would go with all versions", async () => {
    const { nameId, ...without } = INPUTS;
    expect(nameId).toBeDefined();
    const { failures } = await provider.check(URN, INPUTS, without);
    expect(failures?.map(({ reason }) => reason)).toEqual([
      `${KEY}its name is this stack's own, and would be deleted with all its versions; ` +
        "take useExistingContainer back",
    ]);
  });

  it("is not looked for in a storage that is yet to be made", async () => {
    expect(await reasons({ blobEndpoint: UNKNOWN, nameId: UNKNOWN })).toEqual([]);
    expect(blobContainer).not.toHaveBeenCalled();
  });

  it("is left to the upload where the storage cannot be read", async () => {
    jest.mocked(blobContainer).mockRejectedValue(new Error("no network"));
    expect(await reasons()).toEqual([]);
  });
});
