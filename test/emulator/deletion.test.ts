import { GROUP, SUBSCRIPTION, TestEmulator } from "./support/emulator";
import { BODIES, createWorkspace, LOCATION, STORAGE, VAULT, WORKSPACE } from "./support/resources";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await TestEmulator.start();
  await createWorkspace(emulator);
}, 20_000);
afterAll(() => emulator.dispose());

const deletedVault = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/${LOCATION}/deletedVaults/vault-1`;

describe("a soft-deleted workspace", () => {
  it("keeps its name from being used again", async () => {
    expect(await emulator.remove(WORKSPACE)).toBe("Succeeded");
    expect((await emulator.get(WORKSPACE)).status).toBe(404);
    const answer = await emulator.put(WORKSPACE, BODIES.workspace);
    expect([answer.status, answer.code]).toEqual([409, "Conflict"]);
    expect(answer.message).toContain("Soft-deleted workspace exists");
  });

  it("keeps its name over a restart", async () => {
    await emulator.restart();
    expect((await emulator.put(WORKSPACE, BODIES.workspace)).status).toBe(409);
  }, 15_000);

  it("leaves its name free when it was purged", async () => {
    const id = WORKSPACE.replace(/workspace$/, "purged");
    await emulator.create(id, BODIES.workspace);
    await emulator.finish(await emulator.delete(`${id}?api-version=2025-12-01&forceToPurge=true`));
    expect((await emulator.put(id, BODIES.workspace)).status).toBe(201);
  });
});

describe("a soft-deleted vault", () => {
  it("keeps its name from being used again, in any group", async () => {
    await emulator.remove(VAULT);
    const other = `${SUBSCRIPTION}/resourceGroups/other`;
    await emulator.create(other, BODIES.group);
    for (const id of [VAULT, VAULT.replace(GROUP, other)]) {
      const answer = await emulator.put(id, BODIES.vault);
      expect([answer.status, answer.code]).toEqual([409, "ConflictError"]);
    }
  });

  it("comes back as it was when it is recovered", async () => {
    const { tenantId, sku } = BODIES.vault.properties;
    const properties = { tenantId, sku, createMode: "recover" };
    await emulator.create(VAULT, { location: LOCATION, properties });
    const { body } = await emulator.get(VAULT);
    expect(body.properties).toMatchObject({ enableRbacAuthorization: true });
    await emulator.remove(VAULT);
  });

  it("leaves its name free when it was purged", async () => {
    const version = "?api-version=2024-11-01";
    expect((await emulator.get(`${deletedVault}${version}`)).status).toBe(200);
    expect((await emulator.arm("POST", `${deletedVault}/purge${version}`)).status).toBe(200);
    expect((await emulator.get(`${deletedVault}${version}`)).status).toBe(404);
    await emulator.create(VAULT, BODIES.vault);
  });

  it("is not purged when it is protected", async () => {
    const id = VAULT.replace("vault-1", "guarded");
    const properties = { ...BODIES.vault.properties, enablePurgeProtection: true };
    await emulator.create(id, { location: LOCATION, properties });
    await emulator.remove(id);
    const purge = `${deletedVault.replace("vault-1", "guarded")}/purge?api-version=2024-11-01`;
    expect((await emulator.arm("POST", purge)).code).toBe("PurgeProtected");
  });

  it("cannot lose its protection against purging", async () => {
    const id = VAULT.replace("vault-1", "guarded2");
    const properties = { ...BODIES.vault.properties, enablePurgeProtection: true };
    await emulator.create(id, { location: LOCATION, properties });
    expect((await emulator.put(id, BODIES.vault)).status).toBe(400);
  });
});

describe("a deleted Log Analytics workspace", () => {
  const logs = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/kept-logs`;
  const inRegion = (location: string) => ({ ...BODIES.logs, location });

  it("keeps its name from being used in another region, and comes back in its own", async () => {
    await emulator.create(logs, inRegion(LOCATION));
    await emulator.remove(logs);
    const answer = await emulator.put(logs, inRegion("northeurope"));
    expect([answer.status, answer.code]).toEqual([409, "Conflict"]);
    await emulator.create(logs, inRegion(LOCATION));
  });

  it("leaves its name free when it was deleted for good", async () => {
    await emulator.finish(await emulator.delete(`${logs}?api-version=2023-09-01&force=true`));
    expect((await emulator.put(logs, inRegion("northeurope"))).status).toBe(201);
  });
});

describe("a deleted resource group", () => {
  it("takes everything in it along, and says when it has", async () => {
    const answer = await emulator.delete(GROUP);
    expect(answer.status).toBe(202);
    expect(answer.headers["azure-asyncoperation"]).toContain(emulator.baseUrl);
    expect(await emulator.finish(answer)).toBe("Succeeded");
    expect((await emulator.get(GROUP)).code).toBe("ResourceGroupNotFound");
    expect((await emulator.get(STORAGE)).status).toBe(404);
    expect((await emulator.delete(GROUP)).status).toBe(404);
  });

  it("can be made again, with other names for what is soft-deleted", async () => {
    await emulator.create(GROUP, BODIES.group);
    expect((await emulator.put(VAULT, BODIES.vault)).code).toBe("ConflictError");
    await emulator.create(VAULT.replace("vault-1", "vault-2"), BODIES.vault);
    await emulator.create(STORAGE, BODIES.storage);
  });
});
