import type { AccessToken } from "@azure/core-auth";
import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ProcessIdentity } from "../../sandbox/host/processes";
import { lives } from "../../sandbox/host/processes";
import { GROUP, PRINCIPALS, TestEmulator } from "./support/emulator";
import type { PrincipalName } from "./support/emulator";
import { assignmentBody, assignmentId, BODIES, ROLE, STORAGE } from "./support/resources";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await TestEmulator.start();
  await emulator.create(GROUP, BODIES.group);
  await emulator.create(STORAGE, BODIES.storage);
}, 20_000);
afterAll(() => emulator.dispose());

/** Microsoft's own client, signed in as a principal. */
function client(as: PrincipalName, account = "account1"): BlobServiceClient {
  const getToken = async (): Promise<AccessToken> => ({
    token: await emulator.token(as, "https://storage.azure.com"),
    expiresOnTimestamp: Date.now() + 600_000,
  });
  return new BlobServiceClient(`${emulator.baseUrl}/${account}`, { getToken }, connection());
}

const connection = () => ({
  tlsOptions: { ca: emulator.authority },
  retryOptions: { maxTries: 1 },
});

const upload = (as: PrincipalName, name: string) =>
  client(as).getContainerClient("models").getBlockBlobClient(name).upload("weights", 7);

const read = async (as: PrincipalName, name: string) =>
  (await client(as).getContainerClient("models").getBlobClient(name).downloadToBuffer()).toString();

const grant = (role: string, as: PrincipalName, digit: string) =>
  emulator.create(assignmentId(STORAGE, digit), assignmentBody(role, PRINCIPALS[as]));

/** Waits up to 8 s until a condition holds; a condition that throws does not hold. */
async function eventually(condition: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 8_000; Date.now() < deadline;) {
    if (await condition().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe("blobs of a storage account", () => {
  it("are closed to its owner, because a control-plane role is no data role", async () => {
    await client("owner").createContainer("models");
    await expect(upload("owner", "model.pkl")).rejects.toMatchObject({
      statusCode: 403,
      code: "AuthorizationPermissionMismatch",
    });
  });

  it("are open to who holds the data role, and to no one else", async () => {
    await grant(ROLE.blobContributor, "stranger", "1");
    await upload("stranger", "model.pkl");
    expect(await read("stranger", "model.pkl")).toBe("weights");
    await expect(read("contributor", "model.pkl")).rejects.toMatchObject({ statusCode: 403 });
  });

  it("can be read but not written with the reader's role", async () => {
    await grant(ROLE.blobReader, "reader", "2");
    expect(await read("reader", "model.pkl")).toBe("weights");
    await expect(upload("reader", "model.pkl")).rejects.toMatchObject({ statusCode: 403 });
    const blob = client("reader").getContainerClient("models").getBlobClient("model.pkl");
    await expect(blob.delete()).rejects.toMatchObject({ statusCode: 403 });
  });

  it("are closed again as soon as the role is taken away", async () => {
    await emulator.remove(assignmentId(STORAGE, "2"));
    await expect(read("reader", "model.pkl")).rejects.toMatchObject({ statusCode: 403 });
  });

  it("are closed without a token and with one for something else", async () => {
    const url = `${emulator.baseUrl}/account1/models/model.pkl`;
    expect((await emulator.send("GET", url, {})).status).toBe(401);
    const authorization = `Bearer ${await emulator.token("stranger")}`;
    expect((await emulator.send("GET", url, { authorization })).status).toBe(401);
  });

  it("take no key and no signature while keys are off", async () => {
    const credential = new StorageSharedKeyCredential("account1", "a2V5");
    const keyed = new BlobServiceClient(`${emulator.baseUrl}/account1`, credential, connection());
    await expect(keyed.getContainerClient("models").exists()).rejects.toMatchObject({
      statusCode: 403,
    });
    const url = `${emulator.baseUrl}/account1/models/model.pkl?sv=2022-11-02&sig=x`;
    expect((await emulator.send("GET", url, {})).code).toBe("KeyBasedAuthenticationNotPermitted");
    const keys = await emulator.arm("POST", `${STORAGE}/listKeys`);
    expect([keys.status, keys.code]).toEqual([400, "KeyBasedAuthenticationNotPermitted"]);
  });

  it("take the account's key while keys are on", async () => {
    const id = STORAGE.replace("account1", "keyed1");
    await emulator.create(id, { ...BODIES.storage, properties: {} });
    const { body } = await emulator.arm("POST", `${id}/listKeys`);
    const [key] = body.keys as { value: string }[];
    const credential = new StorageSharedKeyCredential("keyed1", key?.value ?? "");
    const keyed = new BlobServiceClient(`${emulator.baseUrl}/keyed1`, credential, connection());
    await keyed.createContainer("data");
    expect(await keyed.getContainerClient("data").exists()).toBe(true);
    await emulator.remove(id);
  });

  it("outlive a restart", async () => {
    await emulator.restart();
    expect(await read("stranger", "model.pkl")).toBe("weights");
  });

  it("outlive a kill, after which the server left behind is replaced", async () => {
    const pidFile = path.join(emulator.options.stateDir, "run/azurite-account1.pid");
    const left = JSON.parse(fs.readFileSync(pidFile, "utf8")) as ProcessIdentity;
    await emulator.stop("SIGKILL");
    expect(lives(left)).toBe(true);
    await emulator.restart();
    expect(lives(left)).toBe(false);
    expect(await read("stranger", "model.pkl")).toBe("weights");
  }, 15_000);

  it("are served again after their server crashed, and the emulator with them", async () => {
    const pidFile = path.join(emulator.options.stateDir, "run/azurite-account1.pid");
    const { pid } = JSON.parse(fs.readFileSync(pidFile, "utf8")) as ProcessIdentity;
    const interrupted = read("stranger", "model.pkl").catch(() => "interrupted");
    process.kill(pid, "SIGKILL");
    await interrupted;
    await eventually(async () => (await read("stranger", "model.pkl")) === "weights");
    expect(await read("stranger", "model.pkl")).toBe("weights");
  }, 15_000);

  it("can be put into containers that ARM made", async () => {
    const id = `${STORAGE}/blobServices/default/containers/made-by-arm`;
    await emulator.create(id, { properties: {} });
    expect(await client("stranger").getContainerClient("made-by-arm").exists()).toBe(true);
    await emulator.remove(id);
    expect(await client("stranger").getContainerClient("made-by-arm").exists()).toBe(false);
  });

  it("go with their account", async () => {
    const folder = path.join(emulator.options.stateDir, "blobs/account1");
    expect(fs.existsSync(folder)).toBe(true);
    await emulator.remove(STORAGE);
    expect(fs.existsSync(folder)).toBe(false);
    expect((await emulator.send("GET", `${emulator.baseUrl}/account1/models`, {})).status).not.toBe(
      200,
    );
  });
});
