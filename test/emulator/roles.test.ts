import { GROUP, PRINCIPALS, SUBSCRIPTION, TestEmulator } from "./support/emulator";
import {
  assignmentBody,
  assignmentId,
  BODIES,
  CLUSTER,
  identityId,
  ROLE,
  VAULT,
} from "./support/resources";

let emulator: TestEmulator;
beforeAll(async () => {
  emulator = await TestEmulator.start();
  await emulator.create(GROUP, BODIES.group);
}, 20_000);
afterAll(() => emulator.dispose());

describe("roles on the control plane", () => {
  it("let a reader read and nothing else", async () => {
    expect((await emulator.get(GROUP, { as: "reader" })).status).toBe(200);
    const write = await emulator.put(VAULT, BODIES.vault, { as: "reader" });
    expect([write.status, write.code]).toEqual([403, "AuthorizationFailed"]);
    expect(write.message).toContain("'Microsoft.KeyVault/vaults/write'");
    expect((await emulator.delete(GROUP, { as: "reader" })).code).toBe("AuthorizationFailed");
  });

  it("let someone without a role do nothing", async () => {
    expect((await emulator.get(GROUP, { as: "stranger" })).code).toBe("AuthorizationFailed");
  });

  it("let a contributor create resources but assign no role", async () => {
    expect((await emulator.put(VAULT, BODIES.vault, { as: "contributor" })).status).toBe(201);
    const body = assignmentBody(ROLE.acrPull, PRINCIPALS.stranger);
    const answer = await emulator.put(assignmentId(GROUP, "1"), body, { as: "contributor" });
    expect(answer.message).toContain("'Microsoft.Authorization/roleAssignments/write'");
  });

  it("hold below their scope and not beside it", async () => {
    const reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    const id = assignmentId(GROUP, "2");
    await emulator.create(id, assignmentBody(reader, PRINCIPALS.stranger));
    expect((await emulator.get(VAULT, { as: "stranger" })).status).toBe(200);
    const beside = `${SUBSCRIPTION}/resourceGroups/rg2`;
    await emulator.create(beside, BODIES.group);
    expect((await emulator.get(beside, { as: "stranger" })).status).toBe(403);
    await emulator.remove(id);
    expect((await emulator.get(VAULT, { as: "stranger" })).status).toBe(403);
  });
});

describe("a role assignment", () => {
  it("is made once for a role, a principal and a scope", async () => {
    const body = assignmentBody(ROLE.acrPush, PRINCIPALS.reader);
    await emulator.create(assignmentId(GROUP, "3"), body);
    const twin = await emulator.put(assignmentId(GROUP, "4"), body);
    expect([twin.status, twin.code]).toEqual([409, "RoleAssignmentExists"]);
    expect((await emulator.put(assignmentId(GROUP, "3"), body)).status).toBe(200);
  });

  it("needs a principal that exists, unless its type vouches for it", async () => {
    const nobody = "99999999-9999-9999-9999-999999999999";
    const body = assignmentBody(ROLE.acrPush, nobody);
    expect((await emulator.put(assignmentId(GROUP, "5"), body)).code).toBe("PrincipalNotFound");
    const trusted = assignmentBody(ROLE.acrPush, nobody, "ServicePrincipal");
    expect((await emulator.put(assignmentId(GROUP, "5"), trusted)).status).toBe(201);
  });

  it("is refused when a service principal is called a user", async () => {
    const asUser = assignmentBody(ROLE.acrPull, PRINCIPALS.reader, "User");
    const answer = await emulator.put(assignmentId(GROUP, "6"), asUser);
    expect([answer.status, answer.code]).toEqual([400, "UnmatchedPrincipalType"]);
  });

  it("needs a role, a scope and a GUID that exist", async () => {
    const noRole = assignmentBody("99999999-9999-9999-9999-999999999999", PRINCIPALS.reader);
    expect((await emulator.put(assignmentId(GROUP, "7"), noRole)).code).toBe(
      "RoleDefinitionDoesNotExist",
    );
    const body = assignmentBody(ROLE.acrPull, PRINCIPALS.reader);
    expect((await emulator.put(assignmentId(CLUSTER, "7"), body)).code).toBe(
      "ParentResourceNotFound",
    );
    const odd = `${GROUP}/providers/Microsoft.Authorization/roleAssignments/mine`;
    expect((await emulator.put(odd, body)).code).toBe("InvalidResourceName");
  });

  it("cannot be turned into another", async () => {
    await emulator.create(
      assignmentId(VAULT, "8"),
      assignmentBody(ROLE.acrPull, PRINCIPALS.reader),
    );
    const other = assignmentBody(ROLE.acrPull, PRINCIPALS.contributor);
    expect((await emulator.put(assignmentId(VAULT, "8"), other)).status).toBe(409);
  });

  it("goes with the resource it is on", async () => {
    expect((await emulator.get(assignmentId(VAULT, "8"))).status).toBe(200);
    await emulator.remove(VAULT);
    expect((await emulator.get(assignmentId(VAULT, "8"))).status).toBe(404);
  });

  it("is listed at its scope and for its principal", async () => {
    const list = `${GROUP}/providers/Microsoft.Authorization/roleAssignments`;
    const filter = `${list}?api-version=2022-04-01&$filter=principalId%20eq%20'${PRINCIPALS.reader}'`;
    const { body } = await emulator.get(filter);
    const names = (body.value as { name: string }[]).map(({ name }) => name);
    expect(names).toContain(assignmentId(GROUP, "3").split("/").pop());
  });
});

describe("assigning an identity", () => {
  it("needs an identity that exists", async () => {
    const identity = { type: "UserAssigned", userAssignedIdentities: { [identityId("none")]: {} } };
    const answer = await emulator.put(CLUSTER, { ...BODIES.cluster, identity });
    expect([answer.status, answer.code]).toEqual([400, "FailedIdentityOperation"]);
  });
});
