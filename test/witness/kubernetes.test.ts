import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { build, type GoProgram } from "../../sandbox/engine/goBuild";
import { placePlugin, standInFor } from "../../sandbox/engine/plugins";
import versions from "../../sandbox/versions.json";
import { killEngine, untilPrinted } from "../support/killing";
import { plannedChanges } from "../support/plan";
import { attemptPulumi, pulumi, STACK, start } from "../support/sandbox";
import { predict, whilePolling } from "../support/scoring";
import { scoringDeployment } from "../support/kubernetes";
import { service } from "../support/services";
import { replaced, variant } from "../support/stackConfig";

const UP = ["up", "--yes", "--skip-preview"];
const SERVICE = ["azureml-aks:services", "aks-service-1"];

const provider: GoProgram = {
  name: "pulumi-resource-kubernetes",
  module: "kubernetes-provider",
  package: ".",
  variables: { "main.version": versions.plugins.kubernetes },
};

// The first run builds it: six minutes on two cores that have nothing else to do.
beforeAll(async () => placePlugin("kubernetes", await build(provider)));
afterAll(() => placePlugin("kubernetes", standInFor("kubernetes")));

/** The sample with a setting that its pods have not had. */
const marked = () =>
  variant((config) => replaced(config, [...SERVICE, "settings"], { MARK: "changed" }));

async function variablesOfPods(): Promise<readonly string[]> {
  const { spec } = await scoringDeployment("aks-service-1");
  return spec.template.spec.containers[0]?.env.map(({ name }) => name) ?? [];
}

describe("on the kubernetes plugin itself", () => {
  it("a stack that the stand-in has deployed goes on without a change", async () => {
    await pulumi("preview", "--expect-no-changes");
    await pulumi(...UP, "--expect-no-changes");
    await pulumi("refresh", "--yes", "--expect-no-changes");
  });

  it("a setting comes and goes without a failed request, and leaves nothing behind", async () => {
    const poll = await whilePolling(await service(), async () => {
      await pulumi(...UP, ...marked());
      expect(await variablesOfPods()).toContain("MARK");
      await pulumi(...UP);
    });
    expect(poll.failures).toEqual([]);
    expect(await variablesOfPods()).not.toContain("MARK");
    await pulumi(...UP, "--expect-no-changes");
  });

  it("a rollout that fails is told in the pods' own words, while the old version serves", async () => {
    const script = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "witness-")), "score.py");
    const init = 'def init():\n    raise RuntimeError("the weights are from another planet")\n';
    fs.writeFileSync(script, `${init}\n\ndef run(raw_data):\n    return raw_data\n`);
    const broken = variant((config) =>
      replaced(config, [...SERVICE, "image", "entryScript"], script),
    );
    const poll = await whilePolling(await service(), async () => {
      const { code, output } = await attemptPulumi([...UP, ...broken]);
      expect(code).not.toBe(0);
      expect(output).toContain("the weights are from another planet");
    });
    expect(poll.failures).toEqual([]);
    await pulumi(...UP);
    await pulumi(...UP, "--expect-no-changes");
  });

  it("a new key changes its Secret alone", async () => {
    const rotated = variant((config) =>
      replaced(config, [...SERVICE, "keyVersions"], { primary: 2, secondary: 1 }),
    );
    expect(await plannedChanges(...rotated)).toEqual([
      "kubernetes:core/v1:Secret update",
      "random:index/randomPassword:RandomPassword replace",
    ]);
    await pulumi(...UP, ...rotated);
    await pulumi(...UP, "--expect-no-changes", ...rotated);
    await pulumi(...UP);
  });

  it("what was cut off while pods are rolled out can be changed and finished", async () => {
    await pulumi("destroy", "--yes", "--skip-preview");
    const up = start("pulumi", [...UP, ...STACK, "--non-interactive"]);
    await untilPrinted(up, /apps\/v1:Deployment aks-service-1 creating/);
    await killEngine(up);
    await pulumi("cancel", "--yes");
    await pulumi(...UP, ...marked());
    await pulumi(...UP);
    await predict(await service());
    expect(await variablesOfPods()).not.toContain("MARK");
    await pulumi(...UP, "--expect-no-changes");
    await pulumi("refresh", "--yes", "--clear-pending-creates", "--expect-no-changes");
  });

  it("a stack that it has deployed goes back to the stand-in without a change", async () => {
    placePlugin("kubernetes", standInFor("kubernetes"));
    await pulumi("preview", "--expect-no-changes");
    await pulumi("refresh", "--yes", "--expect-no-changes");
  });
});
