import { execFile } from "node:child_process";
import * as path from "node:path";
import { ContainerRegistryContentClient } from "@azure/container-registry";
import { GROUP, PRINCIPALS, SUBSCRIPTION, TENANT, TestEmulator } from "./support/emulator";
import { BODIES, CLUSTER, REGISTRY, VAULT } from "./support/resources";
import { namedCommands } from "./support/azureCliCommands";

// The first run installs it, which takes a minute, and each command loads half of it.
const INSTALLING_MS = 600_000;
jest.setTimeout(120_000);
const ROOT = path.resolve(__dirname, "../..");
const SUBSCRIPTION_ID = SUBSCRIPTION.split("/").pop() ?? "";

let emulator: TestEmulator;

/** Runs the real Azure CLI, and answers what it prints; fails with its message. */
function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const command = [path.join(ROOT, "tools/azure-cli/az"), ...args];
  return new Promise((resolve, reject) => {
    execFile("sh", command, { env: { ...process.env, ...env } }, (error, stdout, stderr) => {
      if (error) reject(new Error(stderr));
      else resolve(stdout);
    });
  });
}

/** Runs it on the emulator. */
function az(...args: readonly string[]): Promise<string> {
  return run(args, {
    AZURE_CONFIG_DIR: path.join(emulator.folder, "az"),
    REQUESTS_CA_BUNDLE: emulator.options.tls.ca,
    // Only a cloud of Microsoft's own is known to the service that would be asked.
    AZURE_CORE_INSTANCE_DISCOVERY: "false",
    AZURE_CORE_COLLECT_TELEMETRY: "false",
    AZURE_CORE_NO_COLOR: "true",
    AZURE_EXTENSION_USE_DYNAMIC_INSTALL: "no",
  });
}

async function json(...args: readonly string[]): Promise<unknown> {
  return JSON.parse(await az(...args, "--output", "json"));
}

function signIn(as: keyof typeof PRINCIPALS): Promise<string> {
  const credential = ["--username", PRINCIPALS[as], "--password", `${as}-secret`];
  return az("login", "--service-principal", "--tenant", TENANT, ...credential);
}

/** Pushes a smallest image and answers the digest of its manifest. */
async function push(loginServer: string, repository: string): Promise<string> {
  const getToken = async () => ({
    token: await emulator.token("owner", "https://containerregistry.azure.net"),
    expiresOnTimestamp: Date.now() + 600_000,
  });
  const tlsOptions = { ca: emulator.authority };
  const address = `https://${loginServer}`;
  const client = new ContainerRegistryContentClient(
    address,
    repository,
    { getToken },
    { tlsOptions },
  );
  const { digest, sizeInBytes: size } = await client.uploadBlob(Buffer.from("{}"));
  const mediaType = "application/vnd.docker.distribution.manifest.v2+json";
  const config = { mediaType: "application/vnd.docker.container.image.v1+json", digest, size };
  const manifest = { schemaVersion: 2, mediaType, config, layers: [] };
  const pushed = await client.setManifest(Buffer.from(JSON.stringify(manifest)), {
    tag: "v1",
    mediaType,
  });
  return pushed.digest;
}

beforeAll(async () => {
  emulator = await TestEmulator.start();
  // Installed as the machine trusts its sources; the emulator's authority vouches for none of them.
  await run(["version"], { AZURE_CONFIG_DIR: path.join(emulator.folder, "az") });
  const { baseUrl } = emulator;
  await az(
    ...["cloud", "register", "--name", "sandbox", "--endpoint-resource-manager", baseUrl],
    ...["--endpoint-active-directory", baseUrl],
    ...["--endpoint-active-directory-resource-id", "https://management.core.windows.net/"],
    ...["--suffix-acr-login-server-endpoint", "azurecr.io"],
  );
  await az("cloud", "set", "--name", "sandbox");
  await emulator.create(GROUP, BODIES.group);
}, INSTALLING_MS);
afterAll(() => emulator.dispose());

describe("the Azure CLI", () => {
  it("signs in, and shows the accounts that somebody has", async () => {
    await signIn("reader");
    expect(await json("account", "list")).toMatchObject([{ id: SUBSCRIPTION_ID, isDefault: true }]);
    await az("account", "set", "--subscription", SUBSCRIPTION_ID);
    expect(await json("account", "show", "--query", "tenantId")).toBe(TENANT);
  });

  it("has no account for who has no role anywhere", async () => {
    await expect(signIn("stranger")).rejects.toThrow("No subscriptions found");
  });

  it("says that a secret is wrong in Entra's words", async () => {
    const wrong = ["--username", PRINCIPALS.owner, "--password", "guessed"];
    await expect(az("login", "--service-principal", "--tenant", TENANT, ...wrong)).rejects.toThrow(
      "AADSTS7000215",
    );
  });

  it("shows a cluster's id and node pools, and starts one that is stopped", async () => {
    await signIn("owner");
    await emulator.create(CLUSTER, BODIES.cluster);
    const cluster = ["--name", "cluster", "--resource-group", "rg"];
    expect(await json("aks", "show", ...cluster, "--query", "id")).toBe(CLUSTER);
    const pools = ["aks", "nodepool", "list", "--cluster-name", "cluster", "-g", "rg"];
    expect(await json(...pools)).toMatchObject([{ name: "system", mode: "System" }]);
    await emulator.finish(await emulator.arm("POST", `${CLUSTER}/stop`));
    const power = () => json("aks", "show", ...cluster, "--query", "powerState.code");
    expect(await power()).toBe("Stopped");
    // It would look every 30 s only.
    await az("aks", "start", ...cluster, "--no-wait");
    while ((await power()) !== "Running");
  });

  it("recovers a deleted vault", async () => {
    await signIn("owner");
    await emulator.create(VAULT, BODIES.vault);
    await emulator.remove(VAULT);
    expect(await json("keyvault", "list-deleted", "--resource-type", "vault")).toMatchObject([
      { name: "vault-1" },
    ]);
    await az("keyvault", "recover", "--name", "vault-1", "--no-wait");
    expect(await json("keyvault", "list-deleted", "--resource-type", "vault")).toEqual([]);
    expect((await emulator.get(VAULT)).status).toBe(200);
  });

  it("lists the digests of a repository, and deletes one that is in a stack's way", async () => {
    await signIn("owner");
    const { properties } = await emulator.create(REGISTRY, BODIES.registry);
    const { loginServer } = properties as { loginServer: string };
    const digest = await push(loginServer, "project/stack/image");
    const named = ["--registry", "registry1", "--name", "project/stack/image"];
    expect(await json("acr", "manifest", "list-metadata", ...named)).toMatchObject([
      { digest, tags: ["v1"] },
    ]);
    const repository = ["--name", "registry1", "--repository", "project/stack/image"];
    await az("acr", "repository", "delete", ...repository, "--yes");
    expect(await json("acr", "repository", "list", "--name", "registry1")).toEqual([]);
  });
});

describe("a command of the Azure CLI in the documentation or a message", () => {
  const commands = namedCommands(ROOT);

  it("is found, wherever it stands", () => {
    expect(commands.map(({ words }) => words.join(" "))).toEqual(
      expect.arrayContaining(["login", "aks install-cli", "acr repository delete"]),
    );
  });

  // Those for Azure ML are of an extension, which does not come from PyPI.
  it.each(commands.filter(({ words }) => words[0] !== "ml"))(
    "is one that there is: $text",
    async ({ words, options }) => {
      const help = await az(...words, "--help");
      expect(help).not.toContain("This command has been deprecated");
      expect(options.filter((option) => !help.includes(option))).toEqual([]);
    },
  );
});
