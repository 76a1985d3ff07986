import { registryClient } from "../../../dataplane/registryClient";
import { dataplaneProvider } from "../../support/dataplane";

jest.mock("../../../dataplane/registryClient");

const URN =
  "urn:pulumi:dev::project::azureml-aks:index:ScoringImage$dataplane:index:ImageRepository";
const OLD = `${URN}::old-repository`;
const NEW = `${URN}::image.repository`;
const INPUTS = { loginServer: "theirs.registry.example", repository: "project/dev/image" };
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

let repositories: Set<string>;
let answer: number;

function refusal(statusCode: number): Error {
  return Object.assign(new Error(`status ${statusCode}`), { statusCode });
}

beforeEach(() => {
  jest.clearAllMocks();
  repositories = new Set([INPUTS.repository]);
  answer = 200;
  jest.mocked(registryClient).mockImplementation(() => {
    const client = {
      getRepository: (name: string) => ({
        getProperties: () => {
          if (answer !== 200) throw refusal(answer);
          if (!repositories.has(name)) throw refusal(404);
          return Promise.resolve({ name });
        },
      }),
      deleteRepository: (name: string) => {
        if (!repositories.delete(name)) throw refusal(404);
        return Promise.resolve();
      },
    };
    return Promise.resolve(client as unknown as Awaited<ReturnType<typeof registryClient>>);
  });
});

async function reasons(urn: string, olds: object, news: object): Promise<readonly string[]> {
  const { failures = [] } = await dataplaneProvider().check(urn, olds, news);
  return failures.map(({ reason }) => reason);
}

describe("the images of a repository", () => {
  it("stay when another claim of the same run holds it", async () => {
    const provider = dataplaneProvider();
    repositories.clear();
    await provider.check(NEW, {}, INPUTS);
    repositories.add(INPUTS.repository);
    await provider.delete("id", OLD, INPUTS);
    expect([...repositories]).toEqual([INPUTS.repository]);
  });

  it("stay when two services exchange their repositories", async () => {
    const provider = dataplaneProvider();
    const other = { ...INPUTS, repository: "project/dev/other" };
    repositories.add(other.repository);
    await provider.check(OLD, INPUTS, other);
    await provider.check(NEW, other, INPUTS);
    await provider.delete("id", OLD, INPUTS);
    await provider.delete("id", NEW, other);
    expect([...repositories]).toEqual([INPUTS.repository, other.repository]);
  });

  it("go with the last claim", async () => {
    const provider = dataplaneProvider();
    await provider.check(NEW, {}, { ...INPUTS, repository: "project/dev/another" });
    await provider.delete("id", OLD, INPUTS);
    expect([...repositories]).toEqual([]);
    await expect(provider.delete("id", OLD, INPUTS)).resolves.toBeUndefined();
  });
});

describe("a repository that is about to be claimed", () => {
  it("is somebody else's where it is there already", async () => {
    expect(await reasons(NEW, {}, INPUTS)).toEqual([
      'project:services: the registry has a repository "project/dev/image" that this stack did not make, and whose images ' +
        "it would delete with its own. Give the service another image.name, or delete the repository: " +
        "az acr repository delete --name theirs --repository project/dev/image",
    ]);
  });

  it("is free where it is not there, and the stack's where its state has it", async () => {
    expect(await reasons(NEW, INPUTS, INPUTS)).toEqual([]);
    repositories.clear();
    expect(await reasons(NEW, {}, INPUTS)).toEqual([]);
  });

  it("is not looked up in a registry that is yet to be made", async () => {
    expect(await reasons(NEW, {}, { ...INPUTS, loginServer: UNKNOWN })).toEqual([]);
    expect(registryClient).not.toHaveBeenCalled();
  });

  it.each([401, 403, 500])("is left to the push where the registry answers %d", async (status) => {
    answer = status;
    expect(await reasons(NEW, {}, INPUTS)).toEqual([]);
  });
});
