import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { GROUP, PRINCIPALS, TENANT, TestEmulator } from "./support/emulator";
import { BODIES, CLUSTER, REGISTRY } from "./support/resources";

const SCRIPTS = path.resolve(__dirname, "../../sandbox/cluster");

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await TestEmulator.start();
  await emulator.create(GROUP, BODIES.group);
}, 20_000);
afterAll(() => emulator.dispose());

function run(script: string, args: readonly string[], input = "") {
  const env = {
    PATH: process.env.PATH,
    NODE_EXTRA_CA_CERTS: emulator.options.tls.ca,
    AZURE_AUTHORITY_HOST: emulator.baseUrl,
    ARM_CLIENT_ID: PRINCIPALS.owner,
    ARM_CLIENT_SECRET: "owner-secret",
    ARM_TENANT_ID: TENANT,
  };
  const { status, stdout, stderr } = spawnSync(script, args, { env, input, encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("the kubelet's image credential provider", () => {
  it("finds the sandbox by its own place and gets a refresh token of the registry", async () => {
    await emulator.create(REGISTRY, BODIES.registry);
    await emulator.create(CLUSTER, BODIES.cluster);
    const { properties } = (await emulator.get(REGISTRY)).body;
    const { loginServer } = properties as { loginServer: string };
    const link = path.join(emulator.folder, "bin", "acrCredentialProvider");
    fs.mkdirSync(path.dirname(link));
    fs.symlinkSync(path.join(SCRIPTS, "acrCredentialProvider"), link);
    const request = JSON.stringify({ image: `${loginServer}/team/image@sha256:0` });
    const { stdout } = run(link, [], request);
    const response = JSON.parse(stdout) as {
      kind: string;
      auth: Record<string, { username: string; password: string }>;
    };
    expect(response.kind).toBe("CredentialProviderResponse");
    const form = new URLSearchParams({
      grant_type: "refresh_token",
      service: loginServer,
      scope: "repository:team/image:pull",
      refresh_token: response.auth[loginServer]?.password ?? "",
    });
    const ask = () =>
      emulator.send("POST", `https://${loginServer}/oauth2/token`, {}, form.toString());
    // Signed in, but without AcrPull there is nothing to get.
    expect((await ask()).status).toBe(401);
  });

  it("fails with its reason when there is no cluster", async () => {
    await emulator.remove(CLUSTER);
    const link = path.join(emulator.folder, "bin", "acrCredentialProvider");
    const { status, stderr } = run(link, [], JSON.stringify({ image: "127.0.0.1:1/a" }));
    expect(status).toBe(1);
    expect(stderr).toContain("kubelet-identity.json");
  });
});
