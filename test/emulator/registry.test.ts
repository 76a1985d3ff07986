import type { AccessToken } from "@azure/core-auth";
import { ContainerRegistryClient, ContainerRegistryContentClient } from "@azure/container-registry";
import * as fs from "node:fs";
import * as path from "node:path";
import { GROUP, PRINCIPALS, TENANT, TestEmulator } from "./support/emulator";
import type { PrincipalName } from "./support/emulator";
import { assignmentBody, assignmentId, BODIES, REGISTRY, ROLE } from "./support/resources";
import { stringOf } from "../../sandbox/json";

let emulator: TestEmulator;
let loginServer: string;
beforeAll(async () => {
  emulator = await TestEmulator.start();
  await emulator.create(GROUP, BODIES.group);
  const { properties } = await emulator.create(REGISTRY, BODIES.registry);
  loginServer = (properties as { loginServer: string }).loginServer;
}, 20_000);
afterAll(() => emulator.dispose());

const credential = (as: PrincipalName) => ({
  getToken: async (): Promise<AccessToken> => ({
    token: await emulator.token(as, "https://containerregistry.azure.net"),
    expiresOnTimestamp: Date.now() + 600_000,
  }),
});
const connection = () => ({
  tlsOptions: { ca: emulator.authority },
  retryOptions: { maxRetries: 0 },
});
const content = (as: PrincipalName, repository = "team/image") =>
  new ContainerRegistryContentClient(
    `https://${loginServer}`,
    repository,
    credential(as),
    connection(),
  );
const catalog = (as: PrincipalName) =>
  new ContainerRegistryClient(`https://${loginServer}`, credential(as), connection());

const grant = (role: string, as: PrincipalName, digit: string) =>
  emulator.create(assignmentId(REGISTRY, digit), assignmentBody(role, PRINCIPALS[as]));

/** Pushes a smallest image and answers the digest of its manifest. */
async function push(as: PrincipalName, tag: string): Promise<string> {
  const client = content(as);
  const config = Buffer.from(JSON.stringify({ tag }));
  const { digest, sizeInBytes } = await client.uploadBlob(config);
  const mediaType = "application/vnd.docker.container.image.v1+json";
  const manifest = {
    schemaVersion: 2,
    mediaType: "application/vnd.docker.distribution.manifest.v2+json",
    config: { mediaType, digest, size: sizeInBytes },
    layers: [],
  };
  const body = Buffer.from(JSON.stringify(manifest));
  const options = { tag, mediaType: manifest.mediaType };
  return (await client.setManifest(body, options)).digest;
}

async function refreshToken(as: PrincipalName): Promise<string> {
  const form = new URLSearchParams({
    grant_type: "access_token",
    service: loginServer,
    tenant: TENANT,
    access_token: await emulator.token(as),
  });
  const url = `https://${loginServer}/oauth2/exchange`;
  return stringOf((await emulator.send("POST", url, {}, form.toString())).body.refresh_token);
}

/** What `docker login` and the kubelet do: basic credentials for a scope. */
function askToken(user: string, password: string, scope: string) {
  const basic = Buffer.from(`${user}:${password}`).toString("base64");
  const url = `https://${loginServer}/oauth2/token?service=${loginServer}&scope=${scope}`;
  return emulator.send("GET", url, { authorization: `Basic ${basic}` });
}
const TOKEN_USER = "00000000-0000-0000-0000-000000000000";
const PULL = "repository:team/image:pull";

describe("images of a registry", () => {
  it("are not pushed by who has no role, nor by who may only pull", async () => {
    await expect(push("stranger", "v1")).rejects.toMatchObject({ statusCode: 401 });
    await grant(ROLE.acrPull, "stranger", "1");
    await expect(push("stranger", "v1")).rejects.toMatchObject({ statusCode: 401 });
  });

  it("are pushed with AcrPush and pulled with AcrPull", async () => {
    await grant(ROLE.acrPush, "reader", "2");
    const digest = await push("reader", "v1");
    expect((await content("stranger").getManifest("v1")).digest).toBe(digest);
  });

  it("are pushed by an owner, whose actions cover push and pull", async () => {
    expect(await push("owner", "v2")).toMatch(/^sha256:/);
  });

  it("are asked for with a challenge that says where to get a token for what", async () => {
    const answer = await emulator.send(
      "GET",
      `https://${loginServer}/v2/team/image/manifests/v1`,
      {},
    );
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toBe(
      `Bearer realm="https://${loginServer}/oauth2/token",service="${loginServer}",scope="${PULL}"`,
    );
  });

  it("are pulled by docker's and the kubelet's way of signing in", async () => {
    const { body } = await askToken(TOKEN_USER, await refreshToken("stranger"), PULL);
    const authorization = `Bearer ${stringOf(body.access_token)}`;
    const url = `https://${loginServer}/v2/team/image/manifests/v1`;
    const accept = "application/vnd.docker.distribution.manifest.v2+json";
    expect((await emulator.send("GET", url, { authorization, accept })).status).toBe(200);
    expect((await emulator.send("DELETE", url, { authorization })).status).toBe(401);
  });

  it("are not pulled with a token for another repository", async () => {
    const scope = "repository:other/image:pull";
    const { body } = await askToken(TOKEN_USER, await refreshToken("stranger"), scope);
    const authorization = `Bearer ${stringOf(body.access_token)}`;
    const url = `https://${loginServer}/v2/team/image/manifests/v1`;
    expect((await emulator.send("GET", url, { authorization })).status).toBe(401);
  });

  it("are not pulled once AcrPull is taken away", async () => {
    await emulator.remove(assignmentId(REGISTRY, "1"));
    expect((await askToken(TOKEN_USER, await refreshToken("stranger"), PULL)).status).toBe(401);
  });

  it("are listed with their tags, and untagged only by who may delete", async () => {
    const repository = catalog("owner").getArtifact("team/image", "v1");
    expect((await repository.getTagProperties("v1")).name).toBe("v1");
    await expect(
      catalog("reader").getArtifact("team/image", "v1").deleteTag("v1"),
    ).rejects.toThrow();
    await grant(ROLE.acrDelete, "reader", "3");
    await catalog("reader").getArtifact("team/image", "v1").deleteTag("v1");
    const tags: string[] = [];
    for await (const manifest of catalog("owner")
      .getRepository("team/image")
      .listManifestProperties()) {
      tags.push(...manifest.tags);
    }
    expect(tags).toEqual(["v2"]);
  });

  it("outlive a restart", async () => {
    await emulator.restart();
    expect((await content("owner").getManifest("v2")).digest).toMatch(/^sha256:/);
  }, 15_000);

  it("take their repository with them when the last is deleted", async () => {
    const names = async () => {
      const all: string[] = [];
      for await (const name of catalog("owner").listRepositoryNames()) all.push(name);
      return all;
    };
    expect(await names()).toEqual(["team/image"]);
    for await (const { digest } of catalog("owner")
      .getRepository("team/image")
      .listManifestProperties()) {
      await catalog("owner").getArtifact("team/image", digest).delete();
    }
    expect(await names()).toEqual([]);
  });
});

describe("the admin user", () => {
  it("is off and gives out no password", async () => {
    const answer = await emulator.arm("POST", `${REGISTRY}/listCredentials`);
    expect([answer.status, answer.code]).toEqual([400, "UnAuthorizedForCredentialOperations"]);
  });

  it("signs in with its password only while it is on", async () => {
    const on = { ...BODIES.registry, properties: { adminUserEnabled: true } };
    await emulator.create(REGISTRY, on);
    const { body } = await emulator.arm("POST", `${REGISTRY}/listCredentials`);
    const [password] = body.passwords as { value: string }[];
    expect((await askToken("registry1", password?.value ?? "", PULL)).status).toBe(200);
    expect((await askToken("registry1", "guess", PULL)).status).toBe(401);
    await emulator.create(REGISTRY, BODIES.registry);
    expect((await askToken("registry1", password?.value ?? "", PULL)).status).toBe(401);
  });
});

describe("a registry", () => {
  it("tells containerd whom to trust, as long as it exists", async () => {
    const hosts = path.join(emulator.options.registryHostsDir, loginServer, "hosts.toml");
    expect(fs.readFileSync(hosts, "utf8")).toContain(emulator.options.tls.ca);
    await emulator.remove(REGISTRY);
    expect(fs.existsSync(hosts)).toBe(false);
    expect(fs.existsSync(path.join(emulator.options.stateDir, "registries/registry1"))).toBe(false);
  });

  it("refuses what its tier does not have", async () => {
    const body = { ...BODIES.registry, properties: { publicNetworkAccess: "Disabled" } };
    expect((await emulator.put(REGISTRY, body)).code).toBe("FeatureNotSupportedInSku");
  });
});
