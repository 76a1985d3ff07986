import type { Client } from "@azure-rest/core-client";
import { armClient } from "../../../../dataplane/armClient";
import { imageBuild } from "../../../../dataplane/imageBuild/imageBuild";
import { openLog, uploadContext } from "../../../../dataplane/imageBuild/taskBlobs";
import { RunLog } from "../../../../dataplane/imageBuild/runLog";
import { registryClient } from "../../../../dataplane/registryClient";

jest.mock("../../../../dataplane/armClient");
jest.mock("../../../../dataplane/registryClient");
jest.mock("../../../../dataplane/imageBuild/taskBlobs");
const DIGEST = `sha256:${"a".repeat(64)}`;
const REGISTRY =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerRegistry/registries/r";
const INPUTS = {
  registryId: REGISTRY,
  loginServer: "registry.example",
  repository: "project/stack/image",
  tag: "0123",
  context: ".build/stack/image",
  dockerfile: "task.Dockerfile",
  platform: "linux/amd64",
  secretArguments: {},
};
const REFERENCE = `registry.example/project/stack/image@${DIGEST}`;
const RUN = {
  log: { info: jest.fn(), status: jest.fn() },
  signal: new AbortController().signal,
};

/** What the registry says of the tag, one time after the other; undefined where it has none. */
function tagIs(...digests: readonly (string | undefined)[]): void {
  const left = [...digests];
  const getTagProperties = () => {
    const digest = left.shift();
    if (digest !== undefined) return Promise.resolve({ digest });
    return Promise.reject(Object.assign(new Error("TAG_UNKNOWN"), { statusCode: 404 }));
  };
  const client = { getArtifact: () => ({ getTagProperties }) };
  jest
    .mocked(registryClient)
    .mockResolvedValue(client as unknown as Awaited<ReturnType<typeof registryClient>>);
}

/** Answers of ARM by the end of the path; what is sent is kept. */
function armAnswers(answers: Readonly<Record<string, { status?: string; body: unknown }>>) {
  const sent: { path: string; version: string; body?: unknown }[] = [];
  const answer = (path: string, options: { queryParameters: object; body?: unknown }) => {
    const { "api-version": version } = options.queryParameters as { "api-version": string };
    sent.push({ path: path.replace(REGISTRY, ""), version, body: options.body });
    const found = answers[path.replace(REGISTRY, "")];
    if (found === undefined) throw new Error(`unexpected request to ${path}`);
    return Promise.resolve({ status: "200", headers: {}, request: {}, ...found });
  };
  const pathUnchecked = (path: string) => ({
    get: (options: { queryParameters: object }) => answer(path, options),
    post: (options: { queryParameters: object; body?: unknown }) => answer(path, options),
  });
  jest.mocked(armClient).mockResolvedValue({ pathUnchecked } as unknown as Client);
  return sent;
}

const ANSWERS = {
  "": { body: { properties: { roleAssignmentMode: "LegacyRegistryPermissions" } } },
  "/listBuildSourceUploadUrl": {
    body: { uploadUrl: "https://blob.example/x?sig", relativePath: "source/x.tar.gz" },
  },
  "/scheduleRun": { body: { properties: { runId: "cb1" } } },
  "/runs/cb1/listLogSasUrl": { body: { logLink: "https://blob.example/log?sig" } },
  "/runs/cb1": { body: { properties: { status: "Succeeded" } } },
};

/** The log of a run that wrote nothing. */
const EMPTY = {
  getProperties: () => Promise.resolve({ contentLength: 0, metadata: { complete: "true" } }),
} as unknown as ConstructorParameters<typeof RunLog>[0];

beforeEach(() => {
  jest.clearAllMocks();
  jest.mocked(openLog).mockResolvedValue(new RunLog(EMPTY));
});

describe("an image that is built in Azure", () => {
  it("is uploaded, built by a run, and known by its digest", async () => {
    tagIs(undefined, DIGEST);
    const sent = armAnswers(ANSWERS);
    await expect(imageBuild.create(INPUTS, RUN)).resolves.toEqual({
      id: "registry.example/project/stack/image",
      outs: { ...INPUTS, reference: REFERENCE },
    });
    expect(uploadContext).toHaveBeenCalledWith(
      ".build/stack/image",
      "https://blob.example/x?sig",
      RUN.signal,
    );
    const request = sent.find(({ path }) => path === "/scheduleRun");
    expect(request).toMatchObject({
      version: "2025-03-01-preview",
      body: { imageNames: ["project/stack/image:0123"], sourceLocation: "source/x.tar.gz" },
    });
    expect(request?.body).not.toHaveProperty("credentials");
  });

  it("is not built where the registry has its tag, as after a run that was cut off", async () => {
    tagIs(DIGEST, DIGEST);
    await expect(imageBuild.update?.(INPUTS, INPUTS, RUN)).resolves.toEqual({
      outs: { ...INPUTS, reference: REFERENCE },
    });
    expect(armClient).not.toHaveBeenCalled();
  });

  it("is pushed as the deployer where roles of the registry may have conditions", async () => {
    tagIs(undefined, DIGEST);
    const mode = { body: { properties: { roleAssignmentMode: "AbacRepositoryPermissions" } } };
    const sent = armAnswers({ ...ANSWERS, "": mode });
    await imageBuild.create(INPUTS, RUN);
    expect(sent.find(({ path }) => path === "/scheduleRun")?.body).toMatchObject({
      credentials: { sourceRegistry: { identity: "[caller]" } },
    });
  });

  it("names the role that is missing", async () => {
    tagIs(undefined);
    const body = { error: { code: "AuthorizationFailed", message: "no authorization" } };
    armAnswers({ ...ANSWERS, "/listBuildSourceUploadUrl": { status: "403", body } });
    await expect(imageBuild.create(INPUTS, RUN)).rejects.toThrow(
      'building project/stack/image:0123 in Azure, which needs the role "Container Registry Tasks Contributor" on the registry, is forbidden: AuthorizationFailed: no authorization',
    );
  });

  it("says why a run failed", async () => {
    tagIs(undefined);
    const failed = { body: { properties: { status: "Failed", runErrorMessage: "exit status 1" } } };
    armAnswers({ ...ANSWERS, "/runs/cb1": failed });
    await expect(imageBuild.create(INPUTS, RUN)).rejects.toThrow(
      "building project/stack/image:0123 in Azure failed: run cb1 of the registry ended as Failed\nexit status 1",
    );
  });

  it("is gone when its tag is, or names another image", async () => {
    const state = { ...INPUTS, reference: REFERENCE };
    tagIs(DIGEST, undefined, `sha256:${"b".repeat(64)}`);
    expect(await imageBuild.exists(state)).toBe(true);
    expect(await imageBuild.exists(state)).toBe(false);
    expect(await imageBuild.exists(state)).toBe(false);
  });
});
