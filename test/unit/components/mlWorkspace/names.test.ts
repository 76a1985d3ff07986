import { workspaceNames } from "../../../../components/mlWorkspace/names";
import { WORKSPACE_NAME } from "../../../../components/names/rules";

const SUFFIX = "a1b2c3d4";
// Every length that the rule allows, of letters only and with as many hyphens as fit.
const LENGTHS = Array.from({ length: 12 }, (_, index) => index + 3);
const NAMES = LENGTHS.flatMap((length) => [
  "n".repeat(length),
  `n${"-".repeat(length - 2)}9`,
  `n${"0".repeat(length - 1)}`,
]);

describe("names of a workspace and what belongs to it", () => {
  it.each(NAMES)("fit Azure's rules for a workspace called %s", (name) => {
    expect(WORKSPACE_NAME.pattern.test(name)).toBe(true);
    const names = workspaceNames(name, SUFFIX);
    expect(names.storageAccount).toMatch(/^[a-z0-9]{3,24}$/);
    expect(names.keyVault).toMatch(/^[a-zA-Z](?!.*--)[a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$/);
    expect(names.registry).toMatch(/^[a-zA-Z0-9]{5,50}$/);
    expect(names.workspace).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9_-]{2,32}$/);
    expect(names.resourceGroup).toMatch(/^[\w().-]{0,89}[\w()-]$/);
    expect(names.logAnalytics).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9-]{2,61}[a-zA-Z0-9]$/);
    expect(names.applicationInsights).toMatch(/^[\w().-]{0,259}[\w()-]$/);
  });

  it("all end with the random suffix, so that a deleted name never stands in the way", () => {
    for (const name of Object.values(workspaceNames("diabetes", SUFFIX))) {
      expect(name).toMatch(/a1b2c3d4$/);
    }
  });

  it("are these for the sample", () => {
    expect(workspaceNames("my-diabetes", SUFFIX)).toEqual({
      resourceGroup: "rg-my-diabetes-a1b2c3d4",
      workspace: "mlw-my-diabetes-a1b2c3d4",
      storageAccount: "stmydiabetesa1b2c3d4",
      keyVault: "kvmydiabetesa1b2c3d4",
      registry: "crmydiabetesa1b2c3d4",
      logAnalytics: "log-my-diabetes-a1b2c3d4",
      applicationInsights: "appi-my-diabetes-a1b2c3d4",
    });
  });
});
