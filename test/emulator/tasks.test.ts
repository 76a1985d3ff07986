import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { create } from "tar";
import { runRequest, type ImageToBuild } from "../../dataplane/imageBuild/runRequest";
import { asObject, stringOf, type JsonObject } from "../../sandbox/json";
import { GROUP, PRINCIPALS, TestEmulator, type PrincipalName } from "./support/emulator";
import { assignmentBody, assignmentId, BODIES, REGISTRY, ROLE } from "./support/resources";

const VERSION = "2025-03-01-preview";
const TOKEN_USER = "00000000-0000-0000-0000-000000000000";
const IMAGE: ImageToBuild = {
  repository: "team/image",
  tag: "v1",
  dockerfile: "task.Dockerfile",
  platform: "linux/amd64",
  secretArguments: {},
};

/** Stands for the engine's client: notes how it is called, and does by the image's name. */
const DOCKER = `#!/bin/sh
{ printf '%s\\n' "$@"; echo "buildkit=$DOCKER_BUILDKIT"; } >> "$FAKE_DOCKER/$1.calls"
case "$*" in
  *team/broken*) echo "no such package: hunter2" >&2; exit 1 ;;
  *team/slow*) while [ -d "$FAKE_DOCKER" ]; do sleep 0.2; done ;;
esac
[ "$1" = build ] && cat score.py
[ "$1" = push ] && cp "$DOCKER_CONFIG/config.json" "$FAKE_DOCKER/"
exit 0
`;

let folder: string;
let emulator: TestEmulator;
let loginServer: string;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "fake-docker-"));
  fs.writeFileSync(path.join(folder, "docker"), DOCKER, { mode: 0o755 });
  const PATH = `${folder}:${process.env.PATH}`;
  emulator = await TestEmulator.start({ PATH, FAKE_DOCKER: folder });
  await emulator.create(GROUP, BODIES.group);
  const { properties } = await emulator.create(REGISTRY, BODIES.registry);
  loginServer = stringOf(asObject(properties)?.loginServer);
}, 20_000);

afterAll(async () => {
  await emulator.dispose();
  fs.rmSync(folder, { recursive: true });
});

beforeEach(() => {
  for (const file of fs.readdirSync(folder)) {
    if (file !== "docker") fs.rmSync(path.join(folder, file));
  }
});

function post(action: string, body: JsonObject = {}, as: PrincipalName = "owner") {
  return emulator.arm("POST", `${REGISTRY}/${action}`, body, { as, version: VERSION });
}

/** Uploads a context as a client of Azure does, with nothing but the signed address. */
async function upload(): Promise<string> {
  const { body } = await post("listBuildSourceUploadUrl");
  const context = path.join(folder, "context");
  fs.mkdirSync(context);
  fs.writeFileSync(path.join(context, "score.py"), "# the script\n");
  fs.writeFileSync(path.join(context, "task.Dockerfile"), "FROM scratch\n");
  const file = path.join(folder, "context.tar.gz");
  await create({ file, cwd: context, gzip: true }, fs.readdirSync(context));
  fs.rmSync(context, { recursive: true });
  const headers = { "x-ms-blob-type": "BlockBlob" };
  const url = stringOf(body.uploadUrl);
  const { status } = await emulator.send("PUT", url, headers, fs.readFileSync(file));
  expect(status).toBe(201);
  return stringOf(body.relativePath);
}

async function schedule(
  image: Partial<ImageToBuild> = {},
  as: PrincipalName = "owner",
): Promise<string> {
  const request = runRequest({ ...IMAGE, ...image }, await upload(), false) as JsonObject;
  const { status, body } = await post("scheduleRun", request, as);
  expect(status).toBe(200);
  expect(asObject(body.properties)).toMatchObject({ status: "Queued", runType: "QuickBuild" });
  return stringOf(asObject(body.properties)?.runId);
}

async function state(runId: string): Promise<JsonObject> {
  const { body } = await emulator.get(`${REGISTRY}/runs/${runId}`, { version: VERSION });
  return asObject(body.properties) ?? {};
}

async function ended(runId: string): Promise<JsonObject> {
  for (;;) {
    const now = await state(runId);
    if (now.finishTime !== undefined) return now;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function logOf(runId: string): Promise<string> {
  const { body } = await post(`runs/${runId}/listLogSasUrl`);
  for (;;) {
    const { headers, message = "" } = await emulator.send("GET", stringOf(body.logLink), {});
    if (headers["x-ms-meta-complete"] !== undefined) return message;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const calls = (command: string) =>
  fs
    .readFileSync(path.join(folder, `${command}.calls`), "utf8")
    .trimEnd()
    .split("\n");

describe("a run", () => {
  it("builds what was uploaded with the classic builder, pushes it, and shows it in its log", async () => {
    const runId = await schedule();
    expect(await ended(runId)).toMatchObject({ status: "Succeeded" });
    const name = `${loginServer}/team/image:v1`;
    expect(calls("build")).toEqual([
      ...["build", "-f", "task.Dockerfile", "-t", name, "--platform", "linux/amd64", "."],
      "buildkit=0",
    ]);
    expect(calls("push")).toEqual(["push", name, "buildkit=0"]);
    expect(await logOf(runId)).toContain("# the script\r\n");
  });

  it("gets arguments through its shell and templates as they were, and shows no secret", async () => {
    const CREDENTIALS = `{"a":"it's {{.Run.ID}} $HOME \`id\` & more"}`;
    const runId = await schedule({ secretArguments: { CREDENTIALS } });
    await ended(runId);
    expect(calls("build")).toContain(`CREDENTIALS=${CREDENTIALS}`);
    const secretArguments = { CREDENTIALS: "hunter2" };
    const failed = await schedule({ repository: "team/broken", secretArguments });
    await ended(failed);
    expect(await logOf(failed)).toContain("no such package: ***");
  });

  it("pushes with the rights of the one who asks for it", async () => {
    await emulator.create(
      assignmentId(REGISTRY, "1"),
      assignmentBody(ROLE.acrTasks, PRINCIPALS.stranger),
    );
    await ended(await schedule({}, "stranger"));
    const config = JSON.parse(fs.readFileSync(path.join(folder, "config.json"), "utf8")) as {
      auths: Record<string, { auth: string }>;
    };
    const { auth = "" } = config.auths[loginServer] ?? {};
    expect(Buffer.from(auth, "base64").toString()).toMatch(new RegExp(`^${TOKEN_USER}:ey`));
    const url = `https://${loginServer}/oauth2/token?service=${loginServer}&scope=repository:team/image:push`;
    const { status } = await emulator.send("GET", url, { authorization: `Basic ${auth}` });
    expect(status).toBe(401);
  });

  it("fails with its step where the build does", async () => {
    const runId = await schedule({ repository: "team/broken" });
    expect(await ended(runId)).toMatchObject({
      status: "Failed",
      runErrorMessage: "failed to run step ID: build: exit status 1",
    });
  });

  it("is cancelled, once", async () => {
    const runId = await schedule({ repository: "team/slow" });
    while (!fs.existsSync(path.join(folder, "build.calls"))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    expect((await post(`runs/${runId}/cancel`)).status).toBe(200);
    expect(await ended(runId)).toMatchObject({ status: "Canceled" });
    expect((await post(`runs/${runId}/cancel`)).code).toBe("RunInTerminalState");
  });

  it("needs a role for tasks, which who may push does not have", async () => {
    await emulator.create(
      assignmentId(REGISTRY, "2"),
      assignmentBody(ROLE.acrPush, PRINCIPALS.reader),
    );
    const { code, message } = await post("listBuildSourceUploadUrl", {}, "reader");
    expect(code).toBe("AuthorizationFailed");
    expect(message).toContain(
      "'Microsoft.ContainerRegistry/registries/listBuildSourceUploadUrl/action'",
    );
  });

  it.each([
    [{ type: "EncodedTaskRunRequest" }, 501, "EncodedTaskRunRequest"],
    [{ agentPoolName: "pool" }, 400, "agentPoolName"],
    [{ platform: { os: "Windows" } }, 400, "platform.os"],
    [{ timeout: 10 }, 400, "timeout"],
    [{ sourceLocation: "https://github.example/a.git" }, 400, "sourceLocation"],
    [{ credentials: { sourceRegistry: { identity: "[system]" } } }, 400, "identity"],
    [
      { sourceLocation: `source/${"0".repeat(8)}-0000-0000-0000-${"0".repeat(12)}.tar.gz` },
      400,
      "Nothing was uploaded",
    ],
  ])("is refused with %j", async (change, status, words) => {
    const request = { ...runRequest(IMAGE, await upload(), false), ...change } as JsonObject;
    const answer = await post("scheduleRun", request);
    expect([answer.status, answer.message]).toEqual([status, expect.stringContaining(words)]);
  });

  it("that is a template of something is not built", async () => {
    const request = runRequest(IMAGE, await upload(), false) as JsonObject;
    const args = [{ name: "A", value: "{{.Run.ID}}" }];
    const { body } = await post("scheduleRun", { ...request, arguments: args });
    const run = await ended(stringOf(asObject(body.properties)?.runId));
    expect(run.runErrorMessage).toContain("error while rendering templates");
  });
});

describe("the storage of runs", () => {
  it("opens to signed addresses alone, for what they were signed for", async () => {
    const { body } = await post("listBuildSourceUploadUrl");
    const url = new URL(stringOf(body.uploadUrl));
    const headers = { "x-ms-blob-type": "BlockBlob" };
    expect((await emulator.send("GET", url.href, {})).status).toBe(403);
    url.pathname = url.pathname.replace("source/", "other/");
    expect((await emulator.send("PUT", url.href, headers, "x")).status).toBe(403);
    url.search = "";
    expect((await emulator.send("PUT", url.href, headers, "x")).status).toBe(403);
  });
});

it("a run that the emulator was stopped in has ended when it is back", async () => {
  const runId = await schedule({ repository: "team/slow" });
  await emulator.stop("SIGKILL");
  await emulator.restart();
  expect(await state(runId)).toMatchObject({
    status: "Error",
    runErrorMessage: "the emulator was stopped",
  });
});

it("a registry tells in a newer version too what it is", async () => {
  const { status } = await emulator.get(REGISTRY, { version: "2025-11-01" });
  expect(status).toBe(200);
  const put = await emulator.put(REGISTRY, BODIES.registry, { version: "2025-11-01" });
  expect(put.code).toBe("InvalidApiVersionParameter");
});
