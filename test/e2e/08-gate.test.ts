import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { replaceReadyPod, secretNames } from "../support/kubernetes";
import { anotherModel } from "../support/models";
import { plannedChanges } from "../support/plan";
import { attemptPulumi, pulumi, run } from "../support/sandbox";
import { predict, whilePolling } from "../support/scoring";
import { service } from "../support/services";
import { replaced, variant, type Values } from "../support/stackConfig";

const NAME = "aks-service-1";
const SERVICE = ["azureml-aks:services", NAME];
const REQUEST = "scoring/sample-request.json";
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-gate-"));
const answer = path.join(folder, "answers/sample.json");

/** The sample's configuration with a sample of its service, and with what else is wanted. */
function sampled(sample: Values, edit = (config: Values) => config): readonly string[] {
  return variant((config) => edit(replaced(config, [...SERVICE, "sample"], sample)));
}

const up = (...args: readonly string[]) => pulumi("up", "--yes", "--skip-preview", ...args);

async function samples(): Promise<readonly string[]> {
  return (await secretNames(NAME)).filter((name) => name.startsWith("scoring-sample-"));
}

it("rolls the pods for a sample, builds nothing, and fails no request", async () => {
  const args = sampled({ request: REQUEST });
  expect(await plannedChanges(...args)).toEqual([
    "dataplane:index:Rollout update",
    "kubernetes:apps/v1:Deployment update",
    "kubernetes:core/v1:Secret create",
    "random:index/randomString:RandomString create",
  ]);
  const poll = await whilePolling(await service(), () => up(...args));
  expect(poll.failures).toEqual([]);
  expect(await samples()).toHaveLength(1);
});

it("records the answer of the running version, in a file or in the configuration", async () => {
  const record = (args: readonly string[]) =>
    run("npm", ["run", "--silent", "record", "--", NAME, "--stack", "sandbox", ...args]);
  const expected = await predict(await service());

  const inFile = sampled({ request: REQUEST, expected: answer });
  expect(await record(inFile)).toMatch(
    /^wrote the answer of aks-service-1 \(best_model \w+\) to \S+\/sample\.json; `pulumi up` makes/,
  );
  expect(JSON.parse(fs.readFileSync(answer, "utf8"))).toEqual(expected);
  expect(await record(inFile)).toContain("answers as expected; nothing was written");

  const inConfig = sampled({ request: REQUEST });
  expect(await record(inConfig)).toContain("to azureml-aks:services.aks-service-1.sample.expected");
  const [, file = ""] = inConfig;
  expect(fs.readFileSync(file, "utf8")).toContain(`expected: '${JSON.stringify(expected)}'`);
  expect(await record(inConfig)).toContain("answers as expected; nothing was written");
  // What the command wrote is what the preview takes.
  expect(await plannedChanges(...inConfig)).toContain("kubernetes:apps/v1:Deployment update");
});

it("refuses a changed model whose answer is wrong, with expected and got, while the old one serves", async () => {
  const args = sampled({ request: REQUEST, expected: answer });
  await up(...args);
  const [kept] = await samples();
  const before = await predict(await service());
  const file = await anotherModel(folder);
  const wrong = sampled({ request: REQUEST, expected: answer, timeoutSeconds: 20 }, (config) =>
    replaced(config, ["azureml-aks:models", "best_model", "path"], file),
  );
  const poll = await whilePolling(await service(), async () => {
    const { code, output } = await attemptPulumi(["up", "--yes", "--skip-preview", ...wrong]);
    expect(code).not.toBe(0);
    expect(output).toContain('container "scoring" ended 2 times');
    expect(output).toMatch(
      /exit code 65 \(Error\): the sample is not answered as expected: at \$\[0\] expected [\d.]+, got [\d.]+; at \$\[1\]/,
    );
    expect(output).toContain(`expected ${JSON.stringify(before)}, got [`);

    // A pod of the version before that has to start again is held against its own sample.
    await replaceReadyPod(NAME);
  });
  expect(poll.failures).toEqual([]);
  expect(poll.predictions).toEqual([before]);
  expect(poll.sent).toBeGreaterThan(20);
  expect(await samples()).toContain(kept);
});

it("heals by the next good up, and leaves nothing over", async () => {
  const args = sampled({ request: REQUEST, expected: answer });
  const before = await predict(await service());
  const poll = await whilePolling(await service(), () => up(...args));
  expect(poll.failures).toEqual([]);
  expect(poll.predictions).toEqual([before]);
  expect(await samples()).toHaveLength(1);
  await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", ...args);
  await pulumi("refresh", "--yes", "--expect-no-changes", ...args);
  await up();
  expect(await samples()).toEqual([]);
});
