import type { PropertyMap } from "../../sandbox/plugins/protocol";
import { Secret, UNKNOWN } from "../../sandbox/plugins/protocol";
import { GROUP, PRINCIPALS, SUBSCRIPTION, TENANT, TestEmulator } from "./support/emulator";
import { TestPlugin, urnOf } from "./support/plugin";
import { BODIES, CLUSTER, REGISTRY, ROLE, STORAGE } from "./support/resources";

let emulator: TestEmulator;
let plugin: TestPlugin;
beforeAll(async () => {
  emulator = await TestEmulator.start();
  plugin = await TestPlugin.start(emulator);
  await emulator.create(GROUP, BODIES.group);
}, 20_000);
afterAll(async () => {
  await plugin.stop();
  await emulator.dispose();
});

const STORAGE_URN = urnOf("storage:StorageAccount");
const storage = (more: PropertyMap = {}): PropertyMap => ({
  resourceGroupName: "rg",
  accountName: "account1",
  location: "westeurope",
  kind: "StorageV2",
  sku: { name: "Standard_LRS" },
  ...more,
});
const GROUP_URN = urnOf("resources:ResourceGroup");

describe("checking inputs", () => {
  it("names a resource after its program name with eight random digits, and keeps the name", async () => {
    const { inputs } = await plugin.check(GROUP_URN, { location: "westeurope" });
    expect(inputs.resourceGroupName).toBe("name00010203");
    const again = await plugin.check(GROUP_URN, { location: "westeurope" }, inputs);
    expect(again.inputs).toEqual(inputs);
  });

  it("names a role assignment by a GUID and a nested resource like the program does", async () => {
    const role = await plugin.check(urnOf("authorization:RoleAssignment"), {
      principalId: "p",
      roleDefinitionId: "r",
      scope: GROUP,
    });
    expect(role.inputs.roleAssignmentName).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    const model = await plugin.check(urnOf("machinelearningservices:ModelContainer", "best"), {
      resourceGroupName: "rg",
      workspaceName: "ws",
      properties: {},
    });
    expect(model.inputs.name).toBe("best");
  });

  it("puts a resource where its group is", async () => {
    const news = storage({ location: undefined });
    expect((await plugin.check(STORAGE_URN, news)).inputs.location).toBe("westeurope");
  });

  it("finds unknown, missing and wrongly typed properties at any depth", async () => {
    const faulty = storage({
      sku: { tier: "x" },
      allowSharedKey: true,
      tags: "a",
      isHnsEnabled: 1,
    });
    const { failures } = await plugin.check(STORAGE_URN, faulty);
    expect(failures.sort()).toEqual([
      "allowSharedKey",
      "isHnsEnabled",
      "sku.name",
      "sku.tier",
      "tags",
    ]);
  });

  it("takes what is not known yet for any property", async () => {
    const { failures } = await plugin.check(STORAGE_URN, storage({ tags: UNKNOWN, kind: UNKNOWN }));
    expect(failures).toEqual([]);
  });

  it("refuses a type and a function that it does not have", async () => {
    const vm = urnOf("compute:VirtualMachine");
    await expect(plugin.check(vm, {})).rejects.toThrow('does not know "azure-native:compute');
    const call = plugin.invoke("azure-native:compute:getVirtualMachine", {});
    await expect(call).rejects.toThrow("does not know");
  });
});

describe("comparing inputs", () => {
  const diff = (news: PropertyMap) => plugin.diff(STORAGE_URN, STORAGE, storage(), storage(news));

  it("finds nothing in the same place spelled otherwise", async () => {
    expect((await diff({ location: "West Europe" })).changed).toEqual([]);
  });

  it("updates in place what Azure can change", async () => {
    const { changed, replaces } = await diff({ allowSharedKeyAccess: false });
    expect([changed, replaces]).toEqual([["allowSharedKeyAccess"], []]);
  });

  it("replaces on a change of the path or of what is fixed, deleting first", async () => {
    for (const news of [
      { accountName: "account2" },
      { isHnsEnabled: true },
      { location: "uksouth" },
    ]) {
      expect(await diff(news)).toMatchObject({ replaces: Object.keys(news), deletesFirst: true });
    }
  });

  it("creates first what has a random name", async () => {
    const { inputs } = await plugin.check(GROUP_URN, { location: "westeurope" });
    const news = { ...inputs, location: "uksouth" };
    const { deletesFirst } = await plugin.diff(GROUP_URN, GROUP, inputs, news);
    expect(deletesFirst).toBe(false);
  });

  it("replaces a model version that shall point to another file", async () => {
    const urn = urnOf("machinelearningservices:ModelVersion");
    const version = (modelUri: string) => ({ name: "m", version: "1", properties: { modelUri } });
    const { replaces } = await plugin.diff(urn, "id", version("a"), version("b"));
    expect(replaces).toEqual(["properties"]);
  });
});

describe("the life of a resource", () => {
  let outputs: PropertyMap;

  it("is foretold in a preview without a request", async () => {
    const created = await plugin.create(STORAGE_URN, storage(), true);
    expect(created.outputs).toMatchObject({ kind: "StorageV2", primaryEndpoints: UNKNOWN });
    expect((await emulator.get(STORAGE)).status).toBe(404);
  });

  it("begins when Azure has finished, with the outputs under the SDK's names", async () => {
    const inputs = storage({
      allowSharedKeyAccess: false,
      enableHttpsTrafficOnly: true,
      networkRuleSet: { defaultAction: "Allow", ipRules: [{ iPAddressOrRange: "1.2.3.4" }] },
      tags: { team: new Secret("hidden") },
    });
    const created = await plugin.create(STORAGE_URN, inputs);
    outputs = created.outputs;
    expect(created.id).toBe(STORAGE);
    expect(outputs).toMatchObject({
      name: "account1",
      azureApiVersion: "2024-01-01",
      provisioningState: "Succeeded",
      enableHttpsTrafficOnly: true,
      networkRuleSet: { ipRules: [{ iPAddressOrRange: "1.2.3.4" }] },
      tags: { team: new Secret("hidden") },
    });
  });

  it("shows no drift where there is none", async () => {
    const inputs = storage({ allowSharedKeyAccess: false });
    const read = await plugin.read(STORAGE_URN, STORAGE, inputs, outputs);
    expect(read.inputs).toEqual(inputs);
    expect(read.id).toBe(STORAGE);
  });

  it("shows what was changed by someone else, and only that", async () => {
    const inputs = storage({ allowSharedKeyAccess: false });
    const properties = { ...BODIES.storage.properties, minimumTlsVersion: "TLS1_2" };
    const networkAcls = { defaultAction: "Allow", ipRules: [{ value: "1.2.3.4" }] };
    const body = {
      ...BODIES.storage,
      properties: { ...properties, networkAcls },
      tags: { team: "hidden" },
    };
    await emulator.create(STORAGE, body);
    const read = await plugin.read(STORAGE_URN, STORAGE, inputs, outputs);
    expect(read.inputs).toMatchObject({ ...inputs, minimumTlsVersion: "TLS1_2" });
    expect(read.inputs).not.toHaveProperty("accessTier");
  });

  it("can be taken over by an import", async () => {
    const { inputs } = await plugin.read(STORAGE_URN, STORAGE, {}, {});
    expect(inputs).toMatchObject({
      accountName: "account1",
      resourceGroupName: "rg",
      kind: "StorageV2",
    });
    expect((await plugin.check(STORAGE_URN, inputs)).failures).toEqual([]);
  });

  it("goes on with an update", async () => {
    const inputs = storage({ allowSharedKeyAccess: false });
    const updated = await plugin.update(STORAGE_URN, STORAGE, inputs, {
      ...inputs,
      tags: { a: "b" },
    });
    expect(updated.tags).toEqual({ a: "b" });
  });

  it("ends with a deletion, which may be asked for twice", async () => {
    await plugin.delete(STORAGE_URN, STORAGE);
    await plugin.delete(STORAGE_URN, STORAGE);
    expect((await emulator.get(STORAGE)).status).toBe(404);
    expect((await plugin.read(STORAGE_URN, STORAGE, storage(), outputs)).id).toBe("");
  });
});

describe("creating what exists", () => {
  const urn = urnOf("resources:ResourceGroup", "taken");
  const inputs = { resourceGroupName: "taken", location: "westeurope" };
  const id = `${SUBSCRIPTION}/resourceGroups/taken`;

  it("is refused like the real plugin does", async () => {
    await emulator.create(id, BODIES.group);
    const failure = `cannot create already existing resource '${id}'`;
    await expect(plugin.create(urn, inputs)).rejects.toThrow(failure);
    await emulator.remove(id);
  });

  it("finishes the very creation of which the engine was killed before it took note", async () => {
    await plugin.create(urn, inputs);
    const other = urnOf("resources:ResourceGroup", "other");
    await expect(plugin.create(other, inputs)).rejects.toThrow("already existing");
    expect((await plugin.create(urn, inputs)).id).toBe(id);
  });

  it("is refused again once the engine has shown that it knows the resource", async () => {
    await plugin.diff(urn, id, inputs, inputs);
    await expect(plugin.create(urn, inputs)).rejects.toThrow("already existing");
  });
});

describe("a resource that Azure took on and then failed", () => {
  it("is kept with the reason, so that the next deployment mends it", async () => {
    const created = plugin.create(urnOf("containerservice:ManagedCluster"), {
      resourceGroupName: "rg",
      resourceName: "broken",
      location: "westeurope",
      dnsPrefix: "d",
      agentPoolProfiles: [{ name: "system", mode: "System", vmSize: "Standard_D2s_v5" }],
    });
    await expect(created).rejects.toThrow("no kernel");
    const broken = CLUSTER.replace(/cluster$/, "broken");
    expect((await emulator.get(broken)).status).toBe(200);
    await emulator.remove(broken);
  });

  it("passes Azure's own words on when nothing was made", async () => {
    const created = plugin.create(urnOf("containerregistry:Registry"), {
      resourceGroupName: "rg",
      registryName: "no-hyphens",
      location: "westeurope",
      sku: { name: "Basic" },
    });
    await expect(created).rejects.toThrow('Status=400 Code="InvalidResourceName"');
  });
});

describe("functions", () => {
  it("say who signs in and give a token", async () => {
    expect(await plugin.invoke("azure-native:authorization:getClientConfig", {})).toEqual({
      clientId: PRINCIPALS.owner,
      objectId: PRINCIPALS.owner,
      subscriptionId: SUBSCRIPTION.split("/").pop(),
      tenantId: TENANT,
    });
    const { token } = await plugin.invoke("azure-native:authorization:getClientToken", {});
    expect(token).toBeInstanceOf(Secret);
  });

  it("read a resource, and say what is missing", async () => {
    const args = { resourceGroupName: "rg", registryName: "registry1" };
    const get = () => plugin.invoke("azure-native:containerregistry:getRegistry", args);
    await expect(get()).rejects.toThrow('Status=404 Code="ResourceNotFound"');
    await emulator.create(REGISTRY, BODIES.registry);
    expect(await get()).toMatchObject({ id: REGISTRY, name: "registry1", sku: { name: "Basic" } });
  });

  it("hand out credentials as secrets", async () => {
    await emulator.create(CLUSTER, BODIES.cluster);
    const args = { resourceGroupName: "rg", resourceName: "cluster" };
    const token = "azure-native:containerservice:listManagedClusterUserCredentials";
    const { kubeconfigs } = await plugin.invoke(token, args);
    const value = Buffer.from("kind: Config\n").toString("base64");
    expect(kubeconfigs).toEqual([{ name: "clusterUser", value: new Secret(value) }]);
  });
});

describe("the role of a principal", () => {
  it("is made with the scope in its path", async () => {
    const { id, outputs } = await plugin.create(urnOf("authorization:RoleAssignment"), {
      roleAssignmentName: "11111111-2222-3333-4444-555555555555",
      principalId: PRINCIPALS.reader,
      roleDefinitionId: `/subscriptions/x/providers/Microsoft.Authorization/roleDefinitions/${ROLE.acrPull}`,
      scope: REGISTRY,
    });
    expect(id).toBe(
      `${REGISTRY}/providers/Microsoft.Authorization/roleAssignments/11111111-2222-3333-4444-555555555555`,
    );
    expect(outputs).toMatchObject({ scope: REGISTRY, principalType: "ServicePrincipal" });
  });
});
