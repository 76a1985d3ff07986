import { runRequest, shellWord } from "../../../../dataplane/imageBuild/runRequest";

const IMAGE = {
  repository: "project/stack/image",
  tag: "0123",
  dockerfile: "task.Dockerfile",
  platform: "linux/amd64",
  secretArguments: {},
};

describe("the request for a run", () => {
  it("says what to build from where, and to push it", () => {
    expect(runRequest(IMAGE, "source/context.tar.gz", false)).toEqual({
      type: "DockerBuildRequest",
      imageNames: ["project/stack/image:0123"],
      isPushEnabled: true,
      dockerFilePath: "task.Dockerfile",
      sourceLocation: "source/context.tar.gz",
      platform: { os: "Linux", architecture: "amd64" },
      arguments: [],
      timeout: 7200,
    });
  });

  it("gives secrets as arguments that no log shows", () => {
    const secretArguments = { CREDENTIALS: "{}" };
    expect(runRequest({ ...IMAGE, secretArguments }, "source", false)).toMatchObject({
      arguments: [{ name: "CREDENTIALS", value: "'{}'", isSecret: true }],
    });
  });

  it("pushes as the caller where a run may not push by itself", () => {
    expect(runRequest(IMAGE, "source", true)).toMatchObject({
      credentials: { sourceRegistry: { identity: "[caller]" } },
    });
  });
});

describe("an argument on its way through template and shell", () => {
  it.each([
    ["plain", "'plain'"],
    ["it's", `'it'\\''s'`],
    ["{{.Run.ID}}", `'{{"{{"}}.Run.ID}}'`],
    ["$HOME `id`", "'$HOME `id`'"],
  ])("is %j as %s", (value, word) => {
    expect(shellWord(value)).toBe(word);
  });
});
