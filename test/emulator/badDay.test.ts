import * as fs from "node:fs";
import { BlobServiceClient } from "@azure/storage-blob";
import { ResourceManagementClient } from "@azure/arm-resources";
import { ClientSecretCredential, type AccessToken } from "@azure/identity";
import {
  BAD_DAY,
  faultPlanFile,
  GOOD_DAY,
  readFaultPlan,
  writeFaultPlan,
} from "../../sandbox/azure/faults/faultPlan";
import { GROUP, PRINCIPALS, SUBSCRIPTION, TENANT, TestEmulator } from "./support/emulator";
import { TestPlugin, urnOf } from "./support/plugin";
import { assignmentBody, assignmentId, BODIES, LOCATION, ROLE, STORAGE } from "./support/resources";

/** Every second or third request meets a fault. */
const WORST_DAY = { throttleEvery: 3, failEvery: 4, cutEvery: 5, tokenLifetime: 20, roleDelay: 0 };

let emulator: TestEmulator;
let plugin: TestPlugin;
beforeAll(async () => {
  emulator = await TestEmulator.start();
  plugin = await TestPlugin.start(emulator);
  // The tests' own token is from a good day.
  await emulator.token("owner");
  await emulator.token("owner", "https://storage.azure.com");
}, 20_000);
beforeEach(() => writeFaultPlan(emulator.options.stateDir, GOOD_DAY));
afterAll(async () => {
  await plugin.stop();
  await emulator.dispose();
});

const letItRain = (plan = WORST_DAY) => writeFaultPlan(emulator.options.stateDir, plan);

function credential(): ClientSecretCredential {
  return new ClientSecretCredential(TENANT, PRINCIPALS.owner, "owner-secret", {
    authorityHost: emulator.baseUrl,
    disableInstanceDiscovery: true,
    tlsOptions: { ca: emulator.authority },
  });
}

describe("on a bad day", () => {
  it("requests are refused with 429 and 503, or cut after they were carried out", async () => {
    letItRain();
    const seen: (number | string)[] = [];
    for (let index = 0; index < 12; index += 1) {
      const one = emulator.put(`${SUBSCRIPTION}/resourceGroups/rg-${index}`, BODIES.group);
      seen.push(await one.then(({ status }) => status).catch(() => "cut"));
    }
    expect(seen).toEqual([201, 201, 429, 503, "cut", 429, 201, 503, 429, "cut", 201, 503]);
    writeFaultPlan(emulator.options.stateDir, GOOD_DAY);
    const made = async (index: number) =>
      (await emulator.get(`${SUBSCRIPTION}/resourceGroups/rg-${index}`)).status;
    expect([await made(2), await made(3), await made(4)]).toEqual([404, 404, 200]);
  });

  it("a request is refused twice in a row at most, so that every client gets through", async () => {
    letItRain({ ...GOOD_DAY, failEvery: 1 });
    const statuses = [];
    for (let index = 0; index < 6; index += 1) statuses.push((await emulator.get(GROUP)).status);
    expect(statuses).toEqual([503, 503, 404, 503, 503, 404]);
  });

  it("a throttled client is told when to come back", async () => {
    letItRain({ ...GOOD_DAY, throttleEvery: 1 });
    const { status, code, headers } = await emulator.get(GROUP);
    expect([status, code, headers["retry-after"]]).toEqual([429, "TooManyRequests", "1"]);
  });

  it("the plugin creates, reads and deletes each resource once", async () => {
    letItRain();
    const urn = urnOf("resources:ResourceGroup");
    const inputs = { resourceGroupName: "rg", location: LOCATION };
    await plugin.create(urn, inputs);
    const storage = { ...inputs, accountName: "account1", kind: "StorageV2" };
    const account = await plugin.create(urnOf("storage:StorageAccount"), {
      ...storage,
      sku: { name: "Standard_LRS" },
    });
    expect(account.id).toBe(STORAGE);
    expect((await plugin.read(urn, GROUP, inputs, inputs)).id).toBe(GROUP);
    await plugin.delete(urnOf("storage:StorageAccount"), STORAGE);
    writeFaultPlan(emulator.options.stateDir, GOOD_DAY);
    expect((await emulator.get(STORAGE)).status).toBe(404);
  }, 120_000);

  it("Azure's own clients get through", async () => {
    await emulator.create(GROUP, BODIES.group);
    await emulator.create(STORAGE, BODIES.storage);
    const grant = assignmentBody(ROLE.blobContributor, PRINCIPALS.owner);
    await emulator.create(assignmentId(STORAGE, "1"), grant);
    letItRain();
    const options = { endpoint: emulator.baseUrl, tlsOptions: { ca: emulator.authority } };
    const subscription = SUBSCRIPTION.split("/").pop() ?? "";
    const resources = new ResourceManagementClient(credential(), subscription, options);
    for (let index = 0; index < 4; index += 1) {
      expect((await resources.resourceGroups.get("rg")).name).toBe("rg");
    }
    const { tlsOptions } = options;
    const quick = { tlsOptions, retryOptions: { retryDelayInMs: 100 } };
    const blobs = new BlobServiceClient(`${emulator.baseUrl}/account1`, credential(), quick);
    const container = blobs.getContainerClient("models");
    await container.createIfNotExists();
    for (let index = 0; index < 6; index += 1) {
      await container.getBlockBlobClient(`blob-${index}`).upload("x", 1);
    }
    const names = [];
    for await (const { name } of container.listBlobsFlat()) names.push(name);
    expect(names).toHaveLength(6);
  }, 120_000);

  it("blobs learn late of a role, which Resource Manager shows at once", async () => {
    await emulator.create(GROUP, BODIES.group);
    await emulator.create(STORAGE, BODIES.storage);
    letItRain({ ...GOOD_DAY, roleDelay: 2 });
    const role = assignmentId(STORAGE, "2");
    await emulator.create(role, assignmentBody(ROLE.blobReader, PRINCIPALS.reader));
    const getToken = async () => ({
      token: await emulator.token("reader", "https://storage.azure.com"),
      expiresOnTimestamp: Date.now() + 600_000,
    });
    const options = { tlsOptions: { ca: emulator.authority }, retryOptions: { maxTries: 1 } };
    const blobs = new BlobServiceClient(`${emulator.baseUrl}/account1`, { getToken }, options);
    const read = () => blobs.getContainerClient("models").getBlobClient("none").getProperties();
    await expect(read()).rejects.toMatchObject({ statusCode: 403 });
    expect((await emulator.get(role)).status).toBe(200);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await expect(read()).rejects.toMatchObject({ statusCode: 404 });
  });

  it("tokens end early", async () => {
    const scope = "https://management.azure.com/.default";
    const secondsLeft = ({ expiresOnTimestamp }: AccessToken) =>
      (expiresOnTimestamp - Date.now()) / 1000;
    expect(secondsLeft(await credential().getToken(scope))).toBeGreaterThan(3_000);
    letItRain({ ...GOOD_DAY, tokenLifetime: 3 });
    const granted = await credential().getToken(scope);
    expect(secondsLeft(granted)).toBeLessThan(60);
    await new Promise((resolve) => setTimeout(resolve, 4_500));
    const headers = { authorization: `Bearer ${granted.token}` };
    const url = `${emulator.baseUrl}${GROUP}?api-version=2024-03-01`;
    writeFaultPlan(emulator.options.stateDir, GOOD_DAY);
    expect((await emulator.send("GET", url, headers)).status).toBe(401);
  });
});

describe("a plan of faults", () => {
  it("is a good day where there is none", () => {
    fs.rmSync(faultPlanFile(emulator.options.stateDir));
    expect(readFaultPlan(emulator.options.stateDir)).toEqual(GOOD_DAY);
  });

  it("of an earlier release is one on which what that did not know goes well", () => {
    const { roleDelay, ...earlier } = BAD_DAY;
    expect(roleDelay).toBeGreaterThan(0);
    fs.writeFileSync(faultPlanFile(emulator.options.stateDir), JSON.stringify(earlier));
    expect(readFaultPlan(emulator.options.stateDir)).toEqual({ ...earlier, roleDelay: 0 });
  });

  it("is refused with what is unknown or no count", () => {
    const plan = { ...BAD_DAY, failEvery: 0.5, cutEvery: -1, other: 1 };
    fs.writeFileSync(faultPlanFile(emulator.options.stateDir), JSON.stringify(plan));
    expect(() => readFaultPlan(emulator.options.stateDir)).toThrow(
      "has invalid values: failEvery, cutEvery, other",
    );
  });
});
