import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { asObject, stringOf, type JsonObject } from "../../sandbox/json";
import {
  GROUP,
  PRINCIPALS,
  SUBSCRIPTION,
  TENANT,
  TestEmulator,
  type PrincipalName,
} from "./support/emulator";
import { assignmentBody, assignmentId, BODIES, REGISTRY, ROLE } from "./support/resources";

const ROOT = path.resolve(__dirname, "../..");

/** Makes or reads the resource as the provider's process does, whose modules jest cannot load. */
const PROGRAM = `
  const { imageBuild } = require("${ROOT}/dataplane/imageBuild/imageBuild.ts");
  const { operation, inputs } = JSON.parse(process.env.REQUEST);
  const log = { info: () => {}, status: (line) => console.error(line) };
  const run = { log, signal: new AbortController().signal };
  imageBuild[operation](inputs, run).then(
    (value) => console.log(JSON.stringify({ value })),
    (error) => console.log(JSON.stringify({ error: error.message })),
  );
`;

let folder: string;
let emulator: TestEmulator;
let inputs: JsonObject;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "image-build-"));
  const client = path.join(__dirname, "support/pushingDocker.js");
  const authority = path.join(folder, "ca.crt");
  const docker = `#!/bin/sh\nNODE_EXTRA_CA_CERTS=${authority} exec ${process.execPath} ${client} "$@"\n`;
  fs.writeFileSync(path.join(folder, "docker"), docker, { mode: 0o755 });
  fs.mkdirSync(path.join(folder, "context"));
  fs.writeFileSync(path.join(folder, "context/task.Dockerfile"), "FROM scratch\n");
  emulator = await TestEmulator.start({ PATH: `${folder}:${process.env.PATH}` });
  fs.writeFileSync(authority, emulator.authority);
  await emulator.create(GROUP, BODIES.group);
  const { properties } = await emulator.create(REGISTRY, BODIES.registry);
  inputs = {
    registryId: REGISTRY,
    loginServer: stringOf(asObject(properties)?.loginServer),
    repository: "team/image",
    tag: "v1",
    context: path.join(folder, "context"),
    dockerfile: "task.Dockerfile",
    platform: "linux/amd64",
    secretArguments: { CREDENTIALS: "it's {{hidden}}" },
  };
}, 20_000);

afterAll(async () => {
  await emulator.dispose();
  fs.rmSync(folder, { recursive: true });
});

interface Outcome {
  readonly value?: JsonObject | boolean;
  readonly error?: string;
  /** What the user was told meanwhile. */
  readonly status: string;
}

async function perform(
  operation: "create" | "exists",
  change: JsonObject = {},
  as: PrincipalName = "owner",
): Promise<Outcome> {
  const child = spawn(process.execPath, ["-r", "sucrase/register", "-e", PROGRAM], {
    cwd: ROOT,
    env: {
      ...process.env,
      REQUEST: JSON.stringify({ operation, inputs: { ...inputs, ...change } }),
      NODE_EXTRA_CA_CERTS: emulator.options.tls.ca,
      ARM_METADATA_HOSTNAME: new URL(emulator.baseUrl).host,
      AZURE_AUTHORITY_HOST: emulator.baseUrl,
      ARM_DISABLE_INSTANCE_DISCOVERY: "true",
      ARM_TENANT_ID: TENANT,
      ARM_SUBSCRIPTION_ID: SUBSCRIPTION.split("/").pop(),
      ARM_CLIENT_ID: PRINCIPALS[as],
      ARM_CLIENT_SECRET: `${as}-secret`,
    },
  });
  const text = { out: "", err: "" };
  child.stdout.on("data", (data: Buffer) => (text.out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (text.err += data.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  if (text.out === "") throw new Error(text.err);
  return { ...(JSON.parse(text.out) as Omit<Outcome, "status">), status: text.err };
}

describe("an image that is built in Azure", () => {
  it("goes from its folder into the registry, and is known by its digest", async () => {
    const { value, error, status } = await perform("create");
    expect(error).toBeUndefined();
    const { id, outs } = value as { id: string; outs: { reference: string } };
    expect(id).toBe(`${stringOf(inputs.loginServer)}/team/image`);
    expect(outs.reference).toMatch(/\/team\/image@sha256:[0-9a-f]{64}$/);
    expect(status).toContain("uploading the build context");
    expect(status).toContain("docker build\n");
    expect((await perform("exists", { reference: outs.reference })).value).toBe(true);
  });

  it("is not built again where the registry has its tag", async () => {
    const { value, status } = await perform("create");
    expect(value).toBeDefined();
    expect(status).toBe("");
  });

  it("is told of with the missing role, and with the end of the log where its run fails", async () => {
    await emulator.create(
      assignmentId(REGISTRY, "1"),
      assignmentBody(ROLE.acrPull, PRINCIPALS.stranger),
    );
    const { error } = await perform("create", { tag: "v2" }, "stranger");
    expect(error).toContain('which needs the role "Container Registry Tasks Contributor"');
    await emulator.create(
      assignmentId(REGISTRY, "2"),
      assignmentBody(ROLE.acrTasks, PRINCIPALS.stranger),
    );
    const failed = await perform("create", { tag: "v2" }, "stranger");
    expect(failed.error).toMatch(/run cb\w+ of the registry ended as Failed/);
    expect(failed.error).toContain("failed to run step ID: push");
    expect(failed.error).toContain("authentication required");
  });
});
