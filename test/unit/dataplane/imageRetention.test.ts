import { registryClient } from "../../../dataplane/registryClient";
import { dataplaneProvider } from "../../support/dataplane";

jest.mock("../../../dataplane/registryClient");
jest.mock("../../../dataplane/localImages");

const RETENTION = "urn:pulumi:dev::project::dataplane:index:ImageRetention::service-retention";
const USE = "urn:pulumi:dev::project::dataplane:index:ImageUse::other-use";
const INPUTS = { loginServer: "registry.example", repository: "project/dev/image", tag: "new" };

let manifests: Map<string, readonly string[]>;

beforeEach(() => {
  manifests = new Map([
    ["sha256:new", ["new"]],
    ["sha256:pinned", ["pinned"]],
    ["sha256:old", ["old"]],
  ]);
  const client = {
    getRepository: () => ({
      async *listManifestProperties() {
        for (const [digest, tags] of manifests) yield await Promise.resolve({ digest, tags });
      },
    }),
    getArtifact: (_repository: string, digest: string) => ({
      delete: () => Promise.resolve(manifests.delete(digest)),
    }),
  };
  jest
    .mocked(registryClient)
    .mockResolvedValue(client as unknown as Awaited<ReturnType<typeof registryClient>>);
});

describe("the images before the one that runs", () => {
  it("are deleted after a rollout", async () => {
    await dataplaneProvider().create(RETENTION, INPUTS);
    expect([...manifests.keys()]).toEqual(["sha256:new"]);
  });

  it("stay where another service of the stack runs one by its digest", async () => {
    const provider = dataplaneProvider();
    const reference = `${INPUTS.loginServer}/${INPUTS.repository}@sha256:pinned`;
    await provider.check(USE, {}, { reference });
    await provider.update("id", RETENTION, { ...INPUTS, tag: "old" }, INPUTS);
    expect([...manifests.keys()]).toEqual(["sha256:new", "sha256:pinned"]);
  });
});
