import { GROUP, PRINCIPALS, SUBSCRIPTION, TENANT, TestEmulator } from "./support/emulator";
import { BODIES, REGISTRY, STORAGE, VAULT } from "./support/resources";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await TestEmulator.start();
  await emulator.create(GROUP, BODIES.group);
}, 20_000);
afterAll(() => emulator.dispose());

describe("a request that ARM does not understand", () => {
  it("is refused for an unknown type", async () => {
    const id = `${GROUP}/providers/Microsoft.Compute/virtualMachines/vm`;
    const answer = await emulator.put(id, {}, { version: "2024-01-01" });
    expect([answer.status, answer.code]).toEqual([400, "InvalidResourceType"]);
  });

  it("is refused without an API version, with the one that is supported", async () => {
    const answer = await emulator.get(STORAGE, { version: "" });
    expect([answer.status, answer.code]).toEqual([400, "MissingApiVersionParameter"]);
    expect(answer.message).toContain("2024-01-01");
  });

  it("is refused for another API version, with the one that is supported", async () => {
    const answer = await emulator.get(STORAGE, { version: "2019-06-01" });
    expect([answer.status, answer.code]).toEqual([400, "InvalidApiVersionParameter"]);
    expect(answer.message).toContain("2024-01-01");
  });

  it("is not implemented for an unknown action or method", async () => {
    await emulator.create(VAULT, BODIES.vault);
    expect((await emulator.arm("POST", `${VAULT}/rotate`)).status).toBe(501);
    expect((await emulator.arm("PATCH", VAULT, {})).status).toBe(501);
  });

  it("is refused for a subscription that does not exist", async () => {
    const other = "/subscriptions/99999999-9999-9999-9999-999999999999/resourceGroups/rg";
    expect((await emulator.get(other)).code).toBe("SubscriptionNotFound");
  });
});

describe("a property that has no effect", () => {
  const cases: [string, string, object, string][] = [
    [
      "unknown",
      STORAGE,
      { properties: { allowSharedKeyAcess: false } },
      "properties.allowSharedKeyAcess",
    ],
    ["unknown at the top", STORAGE, { allowSharedKeyAccess: false }, "allowSharedKeyAccess"],
    [
      "unknown in the depth",
      STORAGE,
      { properties: { networkAcls: { ip: [] } } },
      "properties.networkAcls.ip",
    ],
    ["read-only", STORAGE, { properties: { primaryEndpoints: {} } }, "properties.primaryEndpoints"],
    [
      "of the wrong type",
      STORAGE,
      { properties: { allowSharedKeyAccess: "no" } },
      "properties.allowSharedKeyAccess",
    ],
    ["no value of its enum", STORAGE, { sku: { name: "Huge" } }, "sku.name"],
    ["missing", STORAGE, { sku: null }, "sku"],
    [
      "unknown in an object that is not flattened",
      VAULT,
      { properties: { soft: 1 } },
      "properties.soft",
    ],
  ];

  it.each(cases)("is refused with its path when it is %s", async (_what, id, change, path) => {
    const whole = id === VAULT ? BODIES.vault : BODIES.storage;
    const { properties = {}, ...rest } = change as { properties?: object };
    const body = { ...whole, ...rest, properties: { ...whole.properties, ...properties } };
    const answer = await emulator.put(id.replace(/1$/, "2"), body);
    expect([answer.status, answer.code]).toEqual([400, "InvalidRequestContent"]);
    expect(answer.message).toContain(`'${path}'`);
  });

  it("is not stored: the resource does not come into being", async () => {
    const id = STORAGE.replace("account1", "account9");
    await emulator.put(id, { ...BODIES.storage, properties: { nothing: 1 } });
    expect((await emulator.get(id)).status).toBe(404);
  });
});

describe("names and places", () => {
  it.each([
    ["storage account with capitals", STORAGE.replace("account1", "Account1"), BODIES.storage],
    [
      "storage account that is too long",
      STORAGE.replace("account1", "a".repeat(25)),
      BODIES.storage,
    ],
    ["registry with a hyphen", REGISTRY.replace("registry1", "my-registry"), BODIES.registry],
    ["vault with two hyphens", VAULT.replace("vault-1", "my--vault"), BODIES.vault],
    ["resource group that ends in a period", `${SUBSCRIPTION}/resourceGroups/rg.`, BODIES.group],
  ])("refuses a %s", async (_what, id, body) => {
    expect(await emulator.put(id, body)).toMatchObject({
      status: 400,
      code: "InvalidResourceName",
    });
  });

  it("refuses a storage account name that another group has", async () => {
    const other = `${SUBSCRIPTION}/resourceGroups/other`;
    await emulator.create(other, BODIES.group);
    await emulator.create(STORAGE, BODIES.storage);
    const answer = await emulator.put(STORAGE.replace(GROUP, other), BODIES.storage);
    expect([answer.status, answer.code]).toEqual([409, "StorageAccountAlreadyTaken"]);
  });

  it("asks for a location", async () => {
    const answer = await emulator.put(`${SUBSCRIPTION}/resourceGroups/nowhere`, {});
    expect(answer.code).toBe("LocationRequired");
  });

  it("does not move a resource to another location", async () => {
    const answer = await emulator.put(GROUP, { location: "northeurope" });
    expect([answer.status, answer.code]).toEqual([409, "InvalidResourceLocation"]);
  });

  it("tells a missing resource from a missing group", async () => {
    const inMissing = STORAGE.replace(GROUP, `${SUBSCRIPTION}/resourceGroups/missing`);
    expect((await emulator.get(inMissing)).code).toBe("ResourceGroupNotFound");
    expect((await emulator.get(REGISTRY)).code).toBe("ResourceNotFound");
    expect((await emulator.delete(REGISTRY)).status).toBe(204);
  });

  it("answers ids without regard to their case", async () => {
    const answer = await emulator.get(
      GROUP.toUpperCase().replace("SUBSCRIPTIONS", "subscriptions"),
    );
    expect(answer.body.id).toBe(GROUP);
  });
});

describe("who asks", () => {
  it("must carry a token", async () => {
    const answer = await emulator.send(
      "GET",
      `${emulator.baseUrl}${GROUP}?api-version=2024-03-01`,
      {},
    );
    expect(answer.status).toBe(401);
    expect(answer.headers["www-authenticate"]).toContain(TENANT);
  });

  it("must carry a token that the tenant signed for ARM", async () => {
    const url = `${emulator.baseUrl}${GROUP}?api-version=2024-03-01`;
    const forStorage = await emulator.token("owner", "https://storage.azure.com");
    const [head, body] = (await emulator.token("owner")).split(".");
    for (const token of [forStorage, `${head}.${body}.forged`, "nonsense"]) {
      expect((await emulator.send("GET", url, { authorization: `Bearer ${token}` })).status).toBe(
        401,
      );
    }
  });

  it("gets no token for a wrong secret", async () => {
    const url = `${emulator.baseUrl}/${TENANT}/oauth2/v2.0/token`;
    const form = `grant_type=client_credentials&client_id=${PRINCIPALS.owner}&client_secret=guess&scope=x/.default`;
    const answer = await emulator.send("POST", url, {}, form);
    expect([answer.status, answer.body.error]).toEqual([401, "invalid_client"]);
  });
});
