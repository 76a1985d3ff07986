import * as fs from "node:fs";
import { armResources } from "../support/azure";
import { besideNamespace, clusterObjects } from "../support/kubernetes";
import { attempt, pulumi, run } from "../support/sandbox";
import { predict, whilePolling } from "../support/scoring";
import { besideFirst } from "../support/secondStack";
import { service } from "../support/services";
import { replaced, type Values } from "../support/stackConfig";

/** A name that Pulumi allows, and registries and Kubernetes do not. */
const STACK = "pr-12_";
const MINE = ["--stack", STACK];
const YES = ["--yes", "--skip-preview", "--non-interactive"];

/** The sandbox's own service under another name, in the first stack's workspace and cluster. */
function attachedConfig(namespace = "attached-service"): Promise<readonly string[]> {
  return besideFirst((config) => {
    const services = config["azureml-aks:services"] as Record<string, Values>;
    const models = config["azureml-aks:models"] as Record<string, Values>;
    const mine = replaced(services["aks-service-1"], ["models"], ["their_model"]);
    return {
      "azureml-aks:models": { their_model: models.best_model },
      "azureml-aks:services": { "attached-service": { ...mine, namespace } },
    };
  });
}

it("uses an existing workspace and cluster, and leaves no trace of itself on them", async () => {
  const config = await attachedConfig();
  const armBefore = await armResources();
  const objectsBefore = await clusterObjects();
  await run("pulumi", ["stack", "init", STACK, "--no-select", "--non-interactive"]);
  try {
    await besideNamespace("somebody-elses", async () => {
      const theirs = await attachedConfig("somebody-elses");
      const { code, output } = await attempt("pulumi", [
        ...["preview", "--non-interactive", ...MINE],
        ...theirs,
      ]);
      expect(code).not.toBe(0);
      expect(output).toContain("namespace somebody-elses that this program has not made");
    });
    const poll = await whilePolling(await service(), async () => {
      await run("pulumi", ["up", ...YES, ...MINE, ...config]);
      const mine = await service("attached-service", STACK);
      expect(await predict(mine)).toEqual(await predict(await service()));
      await run("pulumi", ["up", ...YES, ...MINE, ...config, "--expect-no-changes"]);
      await run("pulumi", ["destroy", ...YES, ...MINE, ...config]);
    });
    expect(poll.failures).toEqual([]);
    expect(await armResources()).toEqual(armBefore);
    expect(await clusterObjects()).toEqual(objectsBefore);
    await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
    await pulumi("refresh", "--yes", "--expect-no-changes");
  } finally {
    await attempt("pulumi", ["destroy", ...YES, ...MINE, ...config]);
    await run("pulumi", ["stack", "rm", "--yes", "--force", "--preserve-config", ...MINE]);
    fs.rmSync(`Pulumi.${STACK}.yaml`, { force: true });
  }
});
