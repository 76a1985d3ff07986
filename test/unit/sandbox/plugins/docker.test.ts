import { chmod, cp, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from "node:fs/promises";
import * as os from "node:os";
import * as path from "node:path";
import { Secret, UNKNOWN } from "../../../../sandbox/plugins/protocol";
import type { PropertyMap } from "../../../../sandbox/plugins/protocol";
import {
  buildArguments,
  credentialOf,
  pushedDigest,
  redactor,
} from "../../../../sandbox/plugins/docker/build";
import { givenHost } from "../../../../sandbox/plugins/docker/configuration";
import { hashContext } from "../../../../sandbox/plugins/docker/context";
import { addCredential } from "../../../../sandbox/plugins/docker/credentials";
import { addresses } from "../../../../sandbox/plugins/docker/daemon";
import { diffImage, DockerProvider } from "../../../../sandbox/plugins/docker/docker";
import { modeString } from "../../../../sandbox/plugins/docker/fileMode";
import {
  checkInputs,
  parseImage,
  registryOf,
  repositoryOf,
} from "../../../../sandbox/plugins/docker/inputs";

let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), "context-"));
  await mkdir(path.join(folder, "code"));
  await writeFile(path.join(folder, "Dockerfile"), "FROM scratch\n");
  await writeFile(path.join(folder, "code", "score.py"), "def init(): ...\n");
});

afterEach(() => rm(folder, { recursive: true }));

function digest(context = folder): Promise<string> {
  return hashContext(context, path.join(context, "Dockerfile"));
}

async function changesDigest(change: () => Promise<unknown>): Promise<boolean> {
  const before = await digest();
  await change();
  return (await digest()) !== before;
}

const file = (...parts: string[]) => path.join(folder, ...parts);

describe("the digest of a build context", () => {
  test("changes with a file's content, name and mode", async () => {
    expect(await changesDigest(() => writeFile(file("code", "score.py"), "x"))).toBe(true);
    expect(await changesDigest(() => cp(file("code", "score.py"), file("code", "b.py")))).toBe(
      true,
    );
    expect(await changesDigest(() => chmod(file("code", "score.py"), 0o755))).toBe(true);
  });

  test("does not change with times, nor with the folder the context lies in", async () => {
    expect(await changesDigest(() => utimes(file("Dockerfile"), 1, 1))).toBe(false);
    const copy = await mkdtemp(path.join(os.tmpdir(), "context-"));
    await cp(folder, copy, { recursive: true });
    expect(await digest(copy)).toBe(await digest());
    await rm(copy, { recursive: true });
  });

  test("leaves out what .dockerignore leaves out, and brings back what it brings back", async () => {
    await writeFile(file(".dockerignore"), "code\n!code/score.py\n# comment\n*.log\n");
    expect(await changesDigest(() => writeFile(file("build.log"), "x"))).toBe(false);
    expect(await changesDigest(() => writeFile(file("code", "other.py"), "x"))).toBe(false);
    expect(await changesDigest(() => writeFile(file("code", "score.py"), "x"))).toBe(true);
  });

  test("counts an ignored Dockerfile, and one outside the context", async () => {
    await writeFile(file(".dockerignore"), "Dockerfile\n");
    expect(await changesDigest(() => writeFile(file("Dockerfile"), "FROM a\n"))).toBe(true);
    const outside = () => hashContext(file("code"), file("Dockerfile"));
    const before = await outside();
    await writeFile(file("Dockerfile"), "FROM b\n");
    expect(await outside()).not.toBe(before);
  });

  test("takes a symbolic link for where it points, not for what is there", async () => {
    await symlink("score.py", file("code", "link"));
    expect(
      await changesDigest(async () => {
        await rm(file("code", "link"));
        await symlink("../Dockerfile", file("code", "link"));
      }),
    ).toBe(true);
  });

  test("takes the rules beside the Dockerfile instead of those of the context", async () => {
    await writeFile(file(".dockerignore"), "*.log\n");
    await writeFile(file("Dockerfile.dockerignore"), "code\n");
    expect(await changesDigest(() => writeFile(file("code", "score.py"), "y"))).toBe(false);
    expect(await changesDigest(() => writeFile(file("build.log"), "x"))).toBe(true);
  });

  // The expected value comes from a Go program that hashes as the real plugin does.
  test("is the one that the real plugin keeps in the state", async () => {
    const files = [
      ["Dockerfile", "FROM scratch\n", 0o644],
      ["code/score.py", "def init(): ...\n", 0o755],
      ["a/x", "1\n", 0o644],
      ["a-b/y", "2\n", 0o644],
      ["a.txt", "3\n", 0o644],
    ] as const;
    for (const [name, text, mode] of files) {
      await mkdir(path.dirname(file("ctx", name)), { recursive: true });
      await writeFile(file("ctx", name), text);
      await chmod(file("ctx", name), mode);
    }
    await symlink("score.py", file("ctx", "code", "link"));
    const home = process.cwd();
    process.chdir(folder);
    try {
      expect(await hashContext("ctx", "ctx/Dockerfile")).toBe(
        "1cf1f19d437f693a1316c16e5e1eb6248eaaca71e916be068c6deb25c2cb7a61",
      );
    } finally {
      process.chdir(home);
    }
  });

  test("counts modes as Go prints them", () => {
    expect(modeString(0)).toBe("----------");
    expect(modeString(0o100644)).toBe("-rw-r--r--");
    expect(modeString(0o120777)).toBe("Lrwxrwxrwx");
    expect(modeString(0o104755)).toBe("urwxr-xr-x");
  });
});

const CONTEXT = {
  signal: new AbortController().signal,
  log: { status: () => undefined, warn: () => undefined },
};

const IMAGE: PropertyMap = {
  imageName: "127.0.0.1:5000/team/image:v1",
  build: { context: "app", args: { VERSION: "1", DOCKER_HOST: "x" }, platform: "linux/amd64" },
  registry: { server: "127.0.0.1:5000", username: "me", password: new Secret("hunter2") },
};

describe("docker.Image", () => {
  const kept = (inputs: PropertyMap): PropertyMap => ({ __inputs: new Secret(inputs) });

  test("new credentials are no change, another server is", () => {
    const registry = { server: "127.0.0.1:5000", username: "you", password: "new" };
    expect(diffImage(kept(IMAGE), { ...IMAGE, registry }).changes).toEqual([]);
    const moved = diffImage(kept(IMAGE), { ...IMAGE, registry: { ...registry, server: "other" } });
    expect(moved.changes).toEqual([{ path: ["registry"], kind: "update" }]);
    expect(moved.replaces).toEqual([]);
  });

  test("a change is told of the property at the top, and taken from the inputs in the state alone", () => {
    const build = { context: "app", contextDigest: "new" };
    expect(diffImage(kept(IMAGE), { ...IMAGE, build }).changes).toEqual([
      { path: ["build"], kind: "update" },
    ]);
    expect(diffImage({ imageName: "a.io/b:v1" }, { imageName: "a.io/b:v1" }).changes).toEqual([
      { path: ["imageName"], kind: "add" },
    ]);
  });

  test("a preview knows the inputs, and nothing of what the build gives", async () => {
    const provider = new DockerProvider();
    const request = { urn: "", type: "docker:index/image:Image", name: "", preview: true };
    const created = await provider.create({ ...request, inputs: IMAGE }, CONTEXT);
    expect(created).toEqual({ id: "", outputs: IMAGE });
  });

  test("values of build arguments are not on the command line unless the client would obey them", () => {
    const args = buildArguments(parseImage(IMAGE), false);
    expect(args).toEqual([
      ...["build", "--file", "app/Dockerfile", "--tag", "127.0.0.1:5000/team/image:v1"],
      ...["--platform", "linux/amd64", "--build-arg", "VERSION", "--build-arg", "DOCKER_HOST=x"],
      "app",
    ]);
  });

  test("properties it does not have and a name without registry are refused", () => {
    const refused = (inputs: PropertyMap) => checkInputs(inputs).map(({ property }) => property);
    expect(refused(IMAGE)).toEqual([]);
    expect(refused({ ...IMAGE, colour: "red" })).toEqual(["colour"]);
    expect(refused({ ...IMAGE, build: { contxt: "app" } })).toEqual(["build.contxt"]);
    expect(refused({ imageName: "image:v1" })).toEqual(["imageName"]);
    expect(refused({ imageName: UNKNOWN })).toEqual([]);
  });

  test("options that the program never uses are refused, not ignored", () => {
    const refused = (inputs: PropertyMap) => checkInputs(inputs).map(({ property }) => property);
    expect(refused({ ...IMAGE, skipPush: false, buildOnPreview: false })).toEqual([]);
    expect(refused({ ...IMAGE, skipPush: true })).toEqual(["skipPush"]);
    expect(refused({ ...IMAGE, buildOnPreview: true })).toEqual(["buildOnPreview"]);
    expect(refused({ ...IMAGE, build: { target: "x" } })).toEqual(["build.target"]);
  });

  test("the registry's server defaults to that of the image's name", () => {
    const image = parseImage({ ...IMAGE, registry: { username: "me", password: "p" } });
    expect(credentialOf(image)).toEqual({
      server: "127.0.0.1:5000",
      username: "me",
      password: "p",
    });
    expect(credentialOf(parseImage({ imageName: "a.io/b" }))).toBeUndefined();
  });

  test("the digest is that of this push", () => {
    const sha = (digit: string) => `sha256:${digit.repeat(64)}`;
    expect(pushedDigest(["Pushed", `v1: digest: ${sha("a")} size: 735`])).toBe(sha("a"));
    expect(pushedDigest(["unauthorized"])).toBeUndefined();
  });

  test("secrets do not reach the log", () => {
    const redact = redactor(["hunter2", ""]);
    expect(redact("login with hunter2 and hunter2")).toBe("login with [secret] and [secret]");
  });
});

test("image names are taken apart at registry, tag and digest", () => {
  expect(registryOf("localhost/a")).toBe("localhost");
  expect(registryOf("library/a")).toBeUndefined();
  expect(repositoryOf("h:5000/a/b:v1")).toBe("h:5000/a/b");
  expect(repositoryOf("h:5000/a/b")).toBe("h:5000/a/b");
  expect(repositoryOf("h/a@sha256:00")).toBe("h/a");
});

test("given credentials win over a store and a helper for their registry, and only there", () => {
  const user = { credsStore: "desktop", credHelpers: { "a.io": "x", "b.io": "y" }, other: 1 };
  const credential = { server: "https://a.io/v2", username: "u", password: "p" };
  expect(addCredential(user, credential)).toEqual({
    credsStore: undefined,
    credHelpers: { "b.io": "y" },
    auths: { "a.io": { auth: Buffer.from("u:p").toString("base64") } },
    other: 1,
  });
});

describe("the engine", () => {
  test("is the one that the provider's arguments name; other arguments are refused", () => {
    expect(givenHost({ host: "tcp://h", version: "5" })).toBe("tcp://h");
    expect(givenHost({ version: "5" })).toBeUndefined();
    expect(() => givenHost({ registryAuth: "[]" })).toThrow("registryAuth");
    expect(() => givenHost({ sshOpts: [] })).toThrow("sshOpts");
  });

  test("is looked for at the given address alone, else at DOCKER_HOST, else at the usual sockets", () => {
    const env = { DOCKER_HOST: "tcp://env" };
    expect(addresses("tcp://given", env).hosts).toEqual(["tcp://given"]);
    expect(addresses(undefined, env).hosts).toEqual(["tcp://env"]);
    expect(addresses(undefined, {}, "/home/me").hosts).toEqual([
      "unix:///var/run/docker.sock",
      "unix:///home/me/.docker/run/docker.sock",
      "unix:///home/me/.docker/desktop/docker.sock",
    ]);
  });

  test("is asked before it is used, unless it is behind ssh", () => {
    expect(addresses("ssh://me@there", {}).isAsked).toBe(false);
    expect(addresses(undefined, { DOCKER_HOST: "" }).isAsked).toBe(true);
  });

  test("must answer when the plugin is configured, so that no preview does without it", async () => {
    await writeFile(file("docker"), '#!/bin/sh\n[ "$DOCKER_HOST" = tcp://alive ]\n', {
      mode: 0o755,
    });
    jest.replaceProperty(process, "env", { PATH: `${folder}:${process.env.PATH}` });
    const configure = (host: string) =>
      new DockerProvider().configure({ inputs: { host } }, CONTEXT);
    await expect(configure("tcp://dead")).rejects.toThrow(
      "docker native provider returned an unexpected error from Configure: failed to connect to any docker daemon",
    );
    await configure("tcp://alive");
    await configure("ssh://me@there");
    jest.restoreAllMocks();
  });
});
