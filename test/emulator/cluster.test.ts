import * as fs from "node:fs";
import * as path from "node:path";
import { AKS_SERVER_ID } from "../../sandbox/azure/cluster/kubeconfig";
import type { PrincipalName } from "./support/emulator";
import { GROUP, PRINCIPALS, SUBSCRIPTION, TestEmulator } from "./support/emulator";
import {
  assignmentBody,
  assignmentId,
  BODIES,
  CLUSTER,
  identityId,
  LOCATION,
  ROLE,
} from "./support/resources";
import type { JsonObject } from "../../sandbox/json";
import versions from "../../sandbox/versions.json";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await TestEmulator.start();
  await emulator.create(GROUP, BODIES.group);
}, 20_000);
afterAll(() => emulator.dispose());

const calls = () => fs.readFileSync(path.join(emulator.folder, "cluster.log"), "utf8").split("\n");
const withProperties = (properties: JsonObject): JsonObject => ({
  ...BODIES.cluster,
  properties: { ...BODIES.cluster.properties, ...properties },
});
const ENTRA = { aadProfile: { managed: true, enableAzureRBAC: true } };
const credentials = (which: "User" | "Admin") =>
  emulator.arm("POST", `${CLUSTER}/listCluster${which}Credential`);
const decode = ({ body }: { body: JsonObject }) => {
  const [first] = body.kubeconfigs as { value: string }[];
  return Buffer.from(first?.value ?? "", "base64").toString();
};

describe("creating a managed cluster", () => {
  it("answers at once and is done when the real cluster has started", async () => {
    const answer = await emulator.put(CLUSTER, BODIES.cluster);
    expect(answer.status).toBe(201);
    expect(answer.body.properties).toMatchObject({ provisioningState: "Creating" });
    expect(await emulator.finish(answer)).toBe("Succeeded");
    expect(calls()).toContain("start cluster");
    const { properties } = (await emulator.get(CLUSTER)).body;
    expect(properties).toMatchObject({
      provisioningState: "Succeeded",
      currentKubernetesVersion: versions.kubernetes,
      powerState: { code: "Running" },
    });
  });

  it("gives the kubelet an identity and tells its credential provider", async () => {
    const { properties } = (await emulator.get(CLUSTER)).body;
    const { kubeletidentity } = (properties as { identityProfile: { kubeletidentity: object } })
      .identityProfile as { kubeletidentity: { clientId: string; objectId: string } };
    const file = path.join(emulator.folder, "kubernetes/kubelet-identity.json");
    const told = JSON.parse(fs.readFileSync(file, "utf8")) as { clientId: string };
    expect(told.clientId).toBe(kubeletidentity.clientId);
    const imds = `${emulator.baseUrl}/metadata/identity/oauth2/token?resource=https://management.azure.com/&client_id=`;
    const headers = { metadata: "true" };
    expect((await emulator.send("GET", imds + told.clientId, headers)).status).toBe(200);
    expect((await emulator.send("GET", imds + PRINCIPALS.owner, headers)).status).toBe(400);
    expect((await emulator.send("GET", imds + told.clientId, {})).status).toBe(400);
  });

  it("is refused while there is another cluster", async () => {
    const answer = await emulator.put(CLUSTER.replace("/cluster", "/second"), BODIES.cluster);
    expect([answer.status, answer.code]).toEqual([409, "QuotaExceeded"]);
  });

  it.each([
    ["a version that is not offered", { kubernetesVersion: "1.20.1" }, "K8sVersionNotSupported"],
    ["no system pool", { agentPoolProfiles: [{ name: "a", mode: "User" }] }, "InvalidParameter"],
    ["local accounts off without Entra", { disableLocalAccounts: true }, "BadRequest"],
  ])("is refused with %s", async (_what, properties, code) => {
    expect((await emulator.put(CLUSTER, withProperties(properties))).code).toBe(code);
  });

  it("takes a version without its patch", async () => {
    const { properties } = await emulator.create(
      CLUSTER,
      withProperties({ kubernetesVersion: "1.36" }),
    );
    expect(properties).toMatchObject({
      kubernetesVersion: "1.36",
      currentKubernetesVersion: versions.kubernetes,
    });
  });
});

describe("credentials of a cluster", () => {
  it("are certificates while there is no Entra ID", async () => {
    expect(decode(await credentials("User"))).toBe("kind: Config\n");
    expect(decode(await credentials("Admin"))).toBe("kind: Config\n");
  });

  it("are a call of kubelogin with Entra ID, and none for an admin without local accounts", async () => {
    await emulator.create(CLUSTER, withProperties({ ...ENTRA, disableLocalAccounts: true }));
    expect(decode(await credentials("User"))).toContain(AKS_SERVER_ID);
    expect(decode(await credentials("User"))).not.toContain("client-certificate");
    const admin = await credentials("Admin");
    expect([admin.status, admin.code]).toEqual([400, "BadRequest"]);
  });

  it("are not for readers", async () => {
    const action = `${CLUSTER}/listClusterUserCredential`;
    expect((await emulator.arm("POST", action, undefined, { as: "reader" })).status).toBe(403);
  });

  it("are no part of the cluster itself", async () => {
    expect(JSON.stringify((await emulator.get(CLUSTER)).body)).not.toContain("kind: Config");
  });
});

describe("the review of a token", () => {
  const review = async (as: PrincipalName, audience: string): Promise<JsonObject> => {
    const token = await emulator.token(as, audience);
    const body = { kind: "TokenReview", spec: { token } };
    const answer = await emulator.send("POST", `${emulator.baseUrl}/tokenreview`, {}, body);
    return answer.body.status as JsonObject;
  };

  it("knows the principal but gives an owner of the cluster no rights in it", async () => {
    expect(await review("owner", AKS_SERVER_ID)).toEqual({
      authenticated: true,
      user: { username: PRINCIPALS.owner, uid: PRINCIPALS.owner, groups: [] },
    });
  });

  it("makes the holder of the cluster admin role a master", async () => {
    const body = assignmentBody(ROLE.clusterAdmin, PRINCIPALS.owner);
    await emulator.create(assignmentId(CLUSTER, "1"), body);
    const { user } = await review("owner", AKS_SERVER_ID);
    expect(user).toMatchObject({ groups: ["system:masters"] });
  });

  it("refuses a token for something else", async () => {
    expect((await review("owner", "https://management.azure.com")).authenticated).toBe(false);
  });
});

describe("the life of a cluster", () => {
  it("can be stopped and started", async () => {
    await emulator.finish(await emulator.arm("POST", `${CLUSTER}/stop`));
    expect(calls()).toContain("stop cluster");
    const stopped = (await emulator.get(CLUSTER)).body.properties;
    expect(stopped).toMatchObject({ powerState: { code: "Stopped" } });
    await emulator.finish(await emulator.arm("POST", `${CLUSTER}/start`));
    const started = (await emulator.get(CLUSTER)).body.properties;
    expect(started).toMatchObject({ powerState: { code: "Running" } });
  });

  it("ends with the deletion, which takes the node resource group along", async () => {
    const nodes = `${SUBSCRIPTION}/resourceGroups/MC_rg_cluster_${LOCATION}`;
    expect((await emulator.get(nodes)).status).toBe(200);
    expect(await emulator.remove(CLUSTER)).toBe("Succeeded");
    expect(calls()).toContain("delete cluster");
    expect((await emulator.get(nodes)).status).toBe(404);
  });

  it("begins with a failure that says why when the real cluster does not start", async () => {
    const broken = CLUSTER.replace("/cluster", "/broken");
    const answer = await emulator.put(broken, BODIES.cluster);
    const { status, error } = await emulator.operation(answer);
    expect([status, (error as { message: string }).message]).toEqual([
      "Failed",
      "cluster start failed: no kernel",
    ]);
    const { properties } = (await emulator.get(broken)).body;
    expect(properties).toMatchObject({ provisioningState: "Failed" });
  });
});

describe("a kubelet identity of one's own", () => {
  const id = CLUSTER.replace("/cluster", "/own");
  const body = {
    ...withProperties({
      identityProfile: { kubeletidentity: { resourceId: identityId("kubelet") } },
    }),
    identity: {
      type: "UserAssigned",
      userAssignedIdentities: { [identityId("control")]: {} },
    },
  };

  beforeAll(async () => {
    await emulator.remove(CLUSTER.replace("/cluster", "/broken"));
    await emulator.create(identityId("control"), { location: LOCATION });
    await emulator.create(identityId("kubelet"), { location: LOCATION });
  });

  it("may only be assigned by a control plane that is its operator", async () => {
    expect((await emulator.put(id, body)).code).toBe("CustomKubeletIdentityMissingPermissionError");
    const { properties } = (await emulator.get(identityId("control"))).body;
    const { principalId } = properties as { principalId: string };
    const grant = assignmentBody(ROLE.identityOperator, principalId);
    await emulator.create(assignmentId(identityId("kubelet"), "2"), grant);
    expect((await emulator.put(id, body)).status).toBe(201);
  });
});
