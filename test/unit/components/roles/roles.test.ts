import { grantRole, type RoleGrant } from "../../../../components/roles/roles";
import { settled, single, startMocks, SUBSCRIPTION } from "../../../support/mocks";

const ROLE = "azure-native:authorization:RoleAssignment";
const GRANT: RoleGrant = {
  role: "AcrPull",
  scope: "/subscriptions/s/resourceGroups/g",
  principalId: "somebody",
  subscriptionId: SUBSCRIPTION,
};

async function assigned(grant: RoleGrant) {
  const recording = await startMocks();
  grantRole("grant", grant, {});
  await settled();
  return single(recording, ROLE).inputs;
}

describe("a role assignment", () => {
  it("names role, scope and principal", async () => {
    expect(await assigned({ ...GRANT, principalType: "ServicePrincipal" })).toEqual({
      roleAssignmentName: expect.stringMatching(/^[0-9a-f-]{36}$/) as unknown,
      scope: "/subscriptions/s/resourceGroups/g",
      principalId: "somebody",
      principalType: "ServicePrincipal",
      roleDefinitionId: `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/7f951dda-4ed3-4680-a7ca-43fe172d538d`,
    });
  });

  it("calls nobody a user who may be a service principal", async () => {
    expect(await assigned(GRANT)).not.toHaveProperty("principalType");
  });

  it("has the same name in every run, and another for another role, scope or principal", async () => {
    const { roleAssignmentName } = await assigned(GRANT);
    expect((await assigned(GRANT)).roleAssignmentName).toBe(roleAssignmentName);
    const others = [
      await assigned({ ...GRANT, role: "AcrPush" }),
      await assigned({ ...GRANT, scope: "/subscriptions/s/resourceGroups/h" }),
      await assigned({ ...GRANT, principalId: "somebody-else" }),
    ].map((inputs) => inputs.roleAssignmentName);
    expect(new Set([roleAssignmentName, ...others]).size).toBe(4);
  });
});
