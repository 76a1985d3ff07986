import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { isDeepStrictEqual } from "node:util";
import { anotherModel } from "../support/models";
import { plannedChanges } from "../support/plan";
import { attemptPulumi, pulumi, ROOT } from "../support/sandbox";
import { predict, send, untilPredicted, whilePolling } from "../support/scoring";
import { service } from "../support/services";
import { replaced, sandboxConfig, variant, type Values } from "../support/stackConfig";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-models-"));
const MODEL_PATH = ["azureml-aks:models", "best_model", "path"];
const SERVICE = ["azureml-aks:services", "aks-service-1"];
/** Under the server's 60 s for one call; most of it is left when its pod is told to end. */
const SLOW_SECONDS = 50;

it("rolls a changed model out without a failed request, and changes nothing else", async () => {
  const before = await predict(await service());
  const file = await anotherModel(folder);
  const changed = variant((config) => replaced(config, MODEL_PATH, file));

  expect(await plannedChanges(...changed)).toEqual([
    "azure-native:machinelearningservices:ModelVersion replace",
    "dataplane:index:ImageRetention update",
    "dataplane:index:ModelBlobs replace",
    "dataplane:index:Rollout update",
    "docker:index/image:Image update",
    "kubernetes:apps/v1:Deployment update",
  ]);
  let log = "";
  const poll = await whilePolling(await service(), async () => {
    log = await pulumi("up", "--yes", "--skip-preview", ...changed);
  });
  expect(poll.failures).toEqual([]);
  expect(poll.sent).toBeGreaterThan(20);
  // Only what follows the model in the image is built again.
  expect(log).not.toMatch(/Installing collected packages/);
  await untilPredicted(await service(), (prediction) => !isDeepStrictEqual(prediction, before));

  await pulumi("up", "--yes", "--skip-preview");
  await untilPredicted(await service(), (prediction) => isDeepStrictEqual(prediction, before));
});

it("changes no image and no model for another number of replicas", async () => {
  const fixed = (config: Values) => {
    const { autoscale, ...rest } = (config["azureml-aks:services"] as Record<string, Values>)[
      "aks-service-1"
    ] as Values;
    expect(autoscale).toBeDefined();
    return replaced(config, SERVICE, { ...rest, replicas: 3 });
  };
  expect(await plannedChanges(...variant(fixed))).toEqual([
    "dataplane:index:FixedScale create",
    "dataplane:index:Rollout update",
    "kubernetes:apps/v1:Deployment update",
    "kubernetes:autoscaling/v2:HorizontalPodAutoscaler delete",
  ]);
});

it("says why a rollout failed, and leaves the old version serving", async () => {
  const script = path.join(folder, "score.py");
  fs.writeFileSync(
    script,
    'def init():\n    raise RuntimeError("the weights are from another planet")\n\n\n' +
      "def run(raw_data):\n    return raw_data\n",
  );
  // With another model too: going back must find the old one's blobs, version and image again.
  const broken = variant((config) => {
    const scripted = replaced(config, [...SERVICE, "image", "entryScript"], script);
    const remodelled = replaced(scripted, MODEL_PATH, path.join(folder, "model.pkl"));
    return replaced(remodelled, [...SERVICE, "rolloutTimeoutSeconds"], 120);
  });
  const poll = await whilePolling(await service(), async () => {
    const { code, output } = await attemptPulumi(["up", "--yes", "--skip-preview", ...broken]);
    expect(code).not.toBe(0);
    expect(output).toContain("the weights are from another planet");
    expect(output).toMatch(/CrashLoopBackOff|exit code/i);
  });
  expect(poll.failures).toEqual([]);
  await pulumi("up", "--yes", "--skip-preview");
  await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
  await pulumi("refresh", "--yes", "--expect-no-changes");
});

it("deploys a second service beside the first, and removes only that one", async () => {
  const services = sandboxConfig()["azureml-aks:services"] as Record<string, Values>;
  const first = services["aks-service-1"] as Values;
  const second = { ...replaced(first, ["image", "name"], "myimage2"), keyVersions: { primary: 2 } };
  const both = variant((config) =>
    replaced(config, ["azureml-aks:services", "aks-service-2"], second),
  );
  const poll = await whilePolling(await service(), async () => {
    await pulumi("up", "--yes", "--skip-preview", ...both);
    const beside = await service("aks-service-2");
    expect(await predict(beside)).toEqual(await predict(await service()));
    expect(beside.primaryKey).not.toEqual((await service()).primaryKey);
    await pulumi("up", "--yes", "--skip-preview");
  });
  expect(poll.failures).toEqual([]);
  await expect(service("aks-service-2")).rejects.toThrow("exports no aks-service-2");
  await pulumi("refresh", "--yes", "--expect-no-changes");
});

it("answers a request that runs for as long as it may while its pod is being replaced", async () => {
  const script = path.join(folder, "slow.py");
  const slow = `${fs.readFileSync(path.join(ROOT, "scoring/score.py"), "utf8")}

score = run


def run(raw_data):
    if "rest" not in raw_data:
        return score(raw_data)
    __import__("time").sleep(${SLOW_SECONDS})
    return "rested"
`;
  fs.writeFileSync(script, slow);
  const withSlow = (settings: Values) =>
    variant((config) => {
      const scripted = replaced(config, [...SERVICE, "image", "entryScript"], script);
      return replaced(scripted, [...SERVICE, "settings"], settings);
    });
  await pulumi("up", "--yes", "--skip-preview", ...withSlow({}));

  const answer = send(await service(), {
    data: { rest: true },
    timeoutMs: (SLOW_SECONDS + 30) * 1000,
  });
  await pulumi("up", "--yes", "--skip-preview", ...withSlow({ SCORING_LOG_LEVEL: "debug" }));
  const response = await answer;
  expect([response.status, await response.json()]).toEqual([200, "rested"]);

  await pulumi("up", "--yes", "--skip-preview");
});

it("makes a new key for a raised version, and restarts no pod for it", async () => {
  const rotated = variant((config) =>
    replaced(config, [...SERVICE, "keyVersions"], { primary: 2, secondary: 1 }),
  );
  expect(await plannedChanges(...rotated)).toEqual([
    "kubernetes:core/v1:Secret update",
    "random:index/randomPassword:RandomPassword replace",
  ]);
});
