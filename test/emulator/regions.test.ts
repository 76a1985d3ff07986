import { spawn } from "node:child_process";
import * as path from "node:path";
import type { JsonObject } from "../../sandbox/json";
import {
  GROUP,
  PRINCIPALS,
  SUBSCRIPTION,
  TENANT,
  TestEmulator,
  type PrincipalName,
} from "./support/emulator";
import { BODIES, CLUSTER, STORAGE } from "./support/resources";

const ROOT = path.resolve(__dirname, "../..");

/** Performs operations as the provider's process does, whose modules jest cannot load. */
const PROGRAM = `
  const types = {
    ...require("${ROOT}/dataplane/regions/clusterOffer.ts"),
    ...require("${ROOT}/dataplane/regions/storageSku.ts"),
  };
  const { type, operation, args } = JSON.parse(process.env.REQUEST);
  const said = [];
  const run = { log: { info: (line) => said.push(line) } };
  const given = operation === "refusals" ? ["urn:pulumi:dev::project::type::name", ...args] : [...args, run];
  types[type][operation](...given).then((value) => console.log(JSON.stringify({ value, said })));
`;

let emulator: TestEmulator;
let minor: string;

beforeAll(async () => {
  emulator = await TestEmulator.start();
  await emulator.create(GROUP, BODIES.group);
  const [version = ""] = emulator.options.cluster.kubernetesVersions;
  minor = version.split(".").slice(0, 2).join(".");
}, 20_000);
afterAll(() => emulator.dispose());

interface Outcome {
  readonly value: unknown;
  readonly said: readonly string[];
}

async function perform(
  type: "clusterOffer" | "storageSku",
  operation: "refusals" | "create" | "update",
  args: readonly JsonObject[],
  as: PrincipalName = "owner",
): Promise<Outcome> {
  const child = spawn(process.execPath, ["-r", "sucrase/register", "-e", PROGRAM], {
    cwd: ROOT,
    env: {
      ...process.env,
      REQUEST: JSON.stringify({ type, operation, args }),
      NODE_EXTRA_CA_CERTS: emulator.options.tls.ca,
      ARM_METADATA_HOSTNAME: `127.0.0.1:${emulator.options.port}`,
      AZURE_AUTHORITY_HOST: emulator.baseUrl,
      ARM_DISABLE_INSTANCE_DISCOVERY: "true",
      ARM_TENANT_ID: TENANT,
      ARM_CLIENT_ID: PRINCIPALS[as],
      ARM_CLIENT_SECRET: `${as}-secret`,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (data: Buffer) => (output += data.toString()));
  await new Promise((resolve) => child.once("close", resolve));
  return JSON.parse(output) as Outcome;
}

const SUBSCRIPTION_ID = SUBSCRIPTION.slice("/subscriptions/".length);
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

async function reasons(news: JsonObject, olds?: JsonObject, as?: PrincipalName) {
  const complete = (inputs: JsonObject) => ({
    subscriptionId: SUBSCRIPTION_ID,
    location: "westeurope",
    clusterId: UNKNOWN,
    vmSize: "Standard_D4s_v5",
    ...inputs,
  });
  const args = olds === undefined ? [complete(news)] : [complete(news), complete(olds)];
  const { value } = await perform("clusterOffer", "refusals", args, as);
  return (value as { reason: string }[]).map(({ reason }) => reason);
}

describe("the preview of a new cluster", () => {
  it("passes what the region offers", async () => {
    const inputs = { location: "West Europe", zones: ["1", "3"], kubernetesVersion: minor };
    expect(await reasons(inputs)).toEqual([]);
  });

  it("refuses zones in a region without any, and all else at the same time", async () => {
    const inputs = { location: "westus", zones: ["1"], kubernetesVersion: "1.99" };
    const [zones, version, ...others] = await reasons(inputs);
    expect(zones).toBe(
      "project:cluster.nodes.availabilityZones: westus has no zones for Standard_D4s_v5; remove the key",
    );
    expect(version).toContain(
      `project:cluster.kubernetesVersion: AKS does not offer 1.99 in westus; it offers ${minor},`,
    );
    expect(others).toEqual([]);
  });

  it("refuses a VM size that the region does not offer", async () => {
    expect(await reasons({ vmSize: "Standard_D4s_v99" })).toEqual([
      "project:cluster.nodes.vmSize: Standard_D4s_v99 is not offered to your subscription in westeurope; " +
        "choose one of `az vm list-skus --location westeurope --resource-type virtualMachines --output table`",
    ]);
  });

  it("leaves it to Azure where the deployer may not ask", async () => {
    expect(await reasons({ vmSize: "Standard_D4s_v99" }, undefined, "stranger")).toEqual([]);
  });
});

describe("a cluster that runs", () => {
  it("is not questioned by the first run that takes note of it", async () => {
    expect(await reasons({ clusterId: CLUSTER, kubernetesVersion: "1.99" })).toEqual([]);
  });

  it("is questioned about what changes, and about nothing else", async () => {
    const old = { clusterId: CLUSTER, kubernetesVersion: "1.99" };
    expect(await reasons({ ...old, vmSize: "Standard_D8s_v5" }, old)).toEqual([]);
    expect(await reasons({ ...old, kubernetesVersion: "1.98" }, old)).toHaveLength(1);
  });
});

describe("the storage of a new workspace", () => {
  const sku = async (location: string, as?: PrincipalName) => {
    const args = [{ subscriptionId: SUBSCRIPTION_ID, location }];
    const { value, said } = await perform("storageSku", "create", args, as);
    return [(value as { outs: { sku: string } }).outs.sku, said.length];
  };

  it("lies in three zones where the region has zones, else in one place", async () => {
    expect(await sku("westeurope")).toEqual(["Standard_ZRS", 0]);
    expect(await sku("West US")).toEqual(["Standard_LRS", 0]);
  });

  it("lies in three zones, and says why, where the deployer may not ask", async () => {
    expect(await sku("westus", "stranger")).toEqual(["Standard_ZRS", 1]);
  });

  it("keeps what was chosen, and takes what the configuration asks for later", async () => {
    const old = { subscriptionId: SUBSCRIPTION_ID, location: "westus", sku: "Standard_LRS" };
    const updated = async (inputs: JsonObject) => {
      const { value } = await perform("storageSku", "update", [{ ...old, ...inputs }, old]);
      return (value as { outs: { sku: string } }).outs.sku;
    };
    expect(await updated({})).toBe("Standard_LRS");
    expect(await updated({ wanted: "Standard_GRS" })).toBe("Standard_GRS");
  });

  it("is refused in the preview where the region does not have what the configuration asks for", async () => {
    const inputs = { subscriptionId: SUBSCRIPTION_ID, location: "westus" };
    const refusals = async (wanted: string) => {
      const { value } = await perform("storageSku", "refusals", [{ ...inputs, wanted }]);
      return (value as { reason: string }[]).map(({ reason }) => reason);
    };
    expect(await refusals("Standard_GRS")).toEqual([]);
    expect(await refusals("Standard_GZRS")).toEqual([
      "project:workspace.storageSku: Standard_GZRS is not offered in westus; " +
        "set one of Standard_LRS, Standard_GRS, Standard_RAGRS, or remove the key",
    ]);
  });
});

describe("the emulated regions", () => {
  const westus = { location: "westus" };
  const cluster = (pool: JsonObject, more: JsonObject = {}) => ({
    ...BODIES.cluster,
    ...westus,
    ...more,
    properties: {
      ...BODIES.cluster.properties,
      agentPoolProfiles: [{ ...BODIES.cluster.properties.agentPoolProfiles[0], ...pool }],
    },
  });

  it("are those of Azure", async () => {
    const answer = await emulator.put(`${GROUP}-2`, { location: "westmars" });
    expect([answer.status, answer.code]).toEqual([400, "LocationNotAvailableForResourceGroup"]);
    const storage = await emulator.put(STORAGE, { ...BODIES.storage, location: "westmars" });
    expect([storage.status, storage.code]).toEqual([400, "LocationNotAvailableForResourceType"]);
  });

  it("have no redundancy over zones where there are none", async () => {
    const body = { ...BODIES.storage, ...westus, sku: { name: "Standard_ZRS" } };
    const { status, code } = await emulator.put(STORAGE, body);
    expect([status, code]).toEqual([400, "RedundancyConfigurationNotAvailableInRegion"]);
  });

  it.each<[string, JsonObject]>([
    ["AvailabilityZoneNotSupported", cluster({ availabilityZones: ["1"] })],
    ["VMSizeNotSupported", cluster({ vmSize: "Standard_D4s_v99" })],
    ["BadRequest", cluster({}, { sku: { name: "Base", tier: "Premium" } })],
  ])("refuse a cluster that they do not offer: %s", async (code, body) => {
    const answer = await emulator.put(CLUSTER, body);
    expect([answer.status, answer.code]).toEqual([400, code]);
  });
});
