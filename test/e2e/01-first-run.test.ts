import * as path from "node:path";
import type { PartStatus } from "../../sandbox/commands/statusTable";
import versions from "../../sandbox/versions.json";
import { pulumi, ROOT, run, stackOutputs } from "../support/sandbox";
import { predict, SAMPLE, send } from "../support/scoring";
import { service } from "../support/services";

/** Every part of a sandbox that runs the program. */
const PARTS = [
  "engine",
  "language host",
  "plugin random",
  "plugin kubernetes",
  "plugin docker",
  "plugin azure-native",
  "docker",
  "base image",
  "azure",
  "azurite",
  "docker-registry",
  "kubernetes",
  "etcd",
  "containerd",
];

async function status(): Promise<PartStatus[]> {
  const output = await run("npm", ["run", "--silent", "sandbox:status", "--", "--json"]);
  return JSON.parse(output.slice(output.indexOf("["))) as PartStatus[];
}

/** Scikit-learn's own answer, from the environment that the image was built with. */
async function ownPredictions(image: string): Promise<number[]> {
  const code = [
    "import json, glob, joblib, numpy",
    "model = joblib.load(glob.glob('/var/azureml-app/azureml-models/*/*/model.pkl')[0])",
    `print(json.dumps(model.predict(numpy.array(${JSON.stringify(SAMPLE.data)})).tolist()))`,
  ].join("\n");
  const python = "/opt/environment/bin/python";
  const text = await run("docker", ["run", "--rm", "--entrypoint", python, image, "-c", code]);
  return JSON.parse(text.trim().split("\n").pop() ?? "") as number[];
}

it("brings everything up by one command and prints both predictions", async () => {
  const printed = await run("npm", ["run", "--silent", "sandbox"]);
  for (const prediction of await predict(await service())) {
    expect(printed).toContain(String(prediction));
  }
});

it("scores exactly as scikit-learn itself does with that model", async () => {
  const { registryLoginServer } = await stackOutputs();
  const images = await run("docker", ["images", "--format", "{{.Repository}}:{{.Tag}}"]);
  const image = images.split("\n").find((name) => name.startsWith(registryLoginServer));
  if (image === undefined) throw new Error(`no image of ${registryLoginServer} among\n${images}`);
  expect(await predict(await service())).toEqual(await ownPredictions(image));
});

it("exports for each service what a client needs, and the keys only as secrets", async () => {
  const found = await service();
  expect(found).toMatchObject({
    scoringUri: expect.stringMatching(/^http:\/\/.*\/score$/) as string,
    swaggerUri: expect.stringMatching(/\/swagger\.json$/) as string,
    models: [{ name: "best_model", version: expect.stringMatching(/^[0-9a-f]{12}$/) as string }],
    imageDigest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/) as string,
    namespace: "aks-service-1",
  });
  const masked = await run("pulumi", ["stack", "output", "--json"]);
  expect(masked).not.toContain(found.primaryKey);
  expect(JSON.parse(masked.slice(masked.indexOf("{")))).toMatchObject({ kubeconfig: "[secret]" });
});

it("accepts either key and refuses any other", async () => {
  const found = await service();
  expect((await send(found, { key: found.secondaryKey })).status).toBe(200);
  const refused = await send(found, { key: "wrong" });
  expect(refused.status).toBe(401);
  expect(refused.headers.get("www-authenticate")).toMatch(/^Bearer/);
});

it("has nothing to do the second time, and finds no drift", async () => {
  await run("npm", ["run", "--silent", "sandbox"]);
  await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
  await pulumi("refresh", "--yes", "--expect-no-changes");
});

it("shows every part as healthy, and absent none", async () => {
  const health = Object.fromEntries((await status()).map(({ part, health }) => [part, health]));
  expect(health).toEqual(Object.fromEntries(PARTS.map((part) => [part, "healthy"])));
});

it("shows of each part that is pinned the pinned version", async () => {
  const shown = Object.fromEntries((await status()).map(({ part, version }) => [part, version]));
  expect(shown).toMatchObject({
    "plugin azure-native": versions.plugins["azure-native"],
    "plugin docker": versions.plugins.docker,
    "plugin kubernetes": versions.plugins.kubernetes,
    "plugin random": versions.plugins.random,
    azurite: versions.azurite,
    kubernetes: versions.kubernetes,
  });
});

it("is read and called by another stack", async () => {
  const cwd = path.join(ROOT, "examples/consumer");
  const stack = ["--stack", "end-to-end", "--non-interactive"];
  await run("pulumi", ["stack", "init", "end-to-end", "--non-interactive"], { cwd });
  try {
    const source = "stack=organization/azureml-aks/sandbox";
    await run("pulumi", ["up", "--yes", "--skip-preview", "-c", source, ...stack], { cwd });
    const text = await run("pulumi", ["stack", "output", "predictions", "--json", ...stack], {
      cwd,
    });
    expect(JSON.parse(text)).toEqual(await predict(await service()));
    await run("pulumi", ["destroy", "--yes", ...stack], { cwd });
  } finally {
    await run("pulumi", ["stack", "rm", "--yes", "--force", ...stack], { cwd });
  }
});
