import { armResources } from "../support/azure";
import { killEngine, untilPrinted } from "../support/killing";
import { scoringDeployment } from "../support/kubernetes";
import { pulumi, STACK, start } from "../support/sandbox";
import { predict } from "../support/scoring";
import { service } from "../support/services";
import { replaced, variant } from "../support/stackConfig";

/** The sample with a setting that its pods have not had. */
function changed(): readonly string[] {
  const settings = ["azureml-aks:services", "aks-service-1", "settings"];
  return variant((config) => replaced(config, settings, { MARK: "changed" }));
}

const MOMENTS = [
  ["while the workspace is made", /machinelearningservices:Workspace workspace creating/],
  ["while the cluster starts", /containerservice:ManagedCluster cluster creating/],
  ["while the image is built", /docker:index(\/image)?:Image aks-service-1 creating/],
  ["while pods are rolled out", /apps\/v1:Deployment aks-service-1 creating/],
] as const;

it.each(MOMENTS)("finishes the job after the engine was killed %s", async (_, moment) => {
  await pulumi("destroy", "--yes", "--skip-preview");
  const up = start("pulumi", ["up", ...STACK, "--yes", "--skip-preview", "--non-interactive"]);
  await untilPrinted(up, moment);
  await killEngine(up);

  await pulumi("cancel", "--yes");
  // What was made, and is made again with something changed, must still be ours to change.
  await pulumi("up", "--yes", "--skip-preview", ...changed());
  await pulumi("up", "--yes", "--skip-preview");
  await predict(await service());
  await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
  const { spec } = await scoringDeployment("aks-service-1");
  expect(spec.template.spec.containers[0]?.env.map(({ name }) => name)).not.toContain("MARK");
  const kinds = (await armResources()).map((id) => id.split("/").slice(-3, -1).join("/"));
  // Nothing of the interrupted run is left beside what the finished one made.
  expect(kinds.filter((kind) => kind.endsWith("/workspaces")).length).toBe(2);
  expect(kinds.filter((kind) => kind.endsWith("/managedClusters")).length).toBe(1);
  // The engine keeps a note of what was cut off until it is told that nothing is missing.
  await pulumi("refresh", "--yes", "--clear-pending-creates", "--expect-no-changes");
  const state = await pulumi("stack", "export");
  expect(JSON.parse(state)).not.toHaveProperty("deployment.pending_operations.0");
});
