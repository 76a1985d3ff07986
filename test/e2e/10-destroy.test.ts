import * as fs from "node:fs";
import * as path from "node:path";
import { arm, armResources, SUBSCRIPTION } from "../support/azure";
import { pulumi, ROOT, run, stackOutputs } from "../support/sandbox";
import { predict } from "../support/scoring";
import { service } from "../support/services";

let workspaceId = "";

it("leaves no resource in Azure", async () => {
  workspaceId = (await stackOutputs()).workspaceId;
  await pulumi("destroy", "--yes", "--skip-preview");
  expect(await armResources()).toEqual([]);
  const groups = await arm("GET", `${SUBSCRIPTION()}/resourcegroups?api-version=2024-03-01`);
  expect(JSON.parse(groups.body)).toMatchObject({ value: [] });
});

it("comes up again at once after a destroy", async () => {
  await pulumi("up", "--yes", "--skip-preview");
  await predict(await service());
});

it("is refused the name of a workspace that Azure still keeps", async () => {
  const group = workspaceId.split("/").slice(0, 5).join("/");
  const location = "westeurope";
  const ids = await armResources();
  const found = (type: string) => ids.find((id) => id.toLowerCase().includes(`/${type}/`));
  const properties = {
    storageAccount: found("storageaccounts"),
    keyVault: found("vaults"),
    applicationInsights: found("components"),
  };
  await arm("PUT", `${group}?api-version=2024-03-01`, { location });
  const body = { location, identity: { type: "SystemAssigned" }, properties };
  const answer = await arm("PUT", `${workspaceId}?api-version=2025-12-01`, body);
  await arm("DELETE", `${group}?api-version=2024-03-01`);
  expect(answer.body).toMatch(/soft.?deleted/i);
  expect(answer.status).toBe(409);
});

it("leaves no process, no mount and no bridge behind", async () => {
  await run("npm", ["run", "--silent", "sandbox:down"]);
  const processes = await run("ps", ["-eo", "args"]);
  const ours = processes.split("\n").filter((line) => line.includes(path.join(ROOT, ".sandbox")));
  expect(ours).toEqual([]);
  expect(fs.readFileSync("/proc/mounts", "utf8")).not.toContain(path.join(ROOT, ".sandbox"));
  expect(await run("ip", ["-brief", "link"])).not.toMatch(/cni0|docker0/);
});
