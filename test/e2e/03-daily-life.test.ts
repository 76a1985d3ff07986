import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import {
  deleteBlobs,
  deleteInAzure,
  deleteNamespace,
  deleteRepository,
  onCluster,
  stateResource,
  stateResources,
} from "../support/byHand";
import { plannedChanges } from "../support/plan";
import { pulumi, ROOT, run, start, stackOutputs } from "../support/sandbox";
import { predict } from "../support/scoring";
import { service } from "../support/services";
import { replaced, sandboxConfig, variant, type Values } from "../support/stackConfig";

const UP = ["up", "--yes", "--skip-preview"];
const PASSWORD = 'p"a$$ $(HOME) ü s3cret';
const ROLE_API = "2022-04-01";

it("previews in lines of the user's own, without a warning for each plugin", async () => {
  const log = await pulumi("preview", "--expect-no-changes");
  expect(log).not.toMatch(/warning/i);
});

it("previews a tag as what an up does: updates of what has it, and nothing else", async () => {
  const tagged = variant((config) =>
    replaced(
      replaced(config, ["azureml-aks:cluster", "tags"], { owner: "ml" }),
      ["azureml-aks:workspace", "tags"],
      { owner: "ml" },
    ),
  );
  expect(await plannedChanges(...tagged)).toEqual([
    "azure-native:applicationinsights:Component update",
    "azure-native:containerregistry:Registry update",
    "azure-native:containerservice:ManagedCluster update",
    "azure-native:keyvault:Vault update",
    "azure-native:machinelearningservices:Workspace update",
    "azure-native:managedidentity:UserAssignedIdentity update",
    "azure-native:operationalinsights:Workspace update",
    "azure-native:resources:ResourceGroup update",
    "azure-native:storage:StorageAccount update",
  ]);
});

/** A variant of the sandbox's configuration with a secret, set as a user would. */
async function withSecret(): Promise<readonly string[]> {
  const config = variant((values) => values);
  const setting = "azureml-aks:services.aks-service-1.settings.DB_PASSWORD";
  await pulumi("config", "set", "--secret", "--path", setting, PASSWORD, ...config);
  const tag = "azureml-aks:models.best_model.tags.owner";
  await pulumi("config", "set", "--secret", "--path", tag, "Ada s3cret Lovelace", ...config);
  return config;
}

async function environmentOfPods(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const text = await onCluster("GET", "/apis/apps/v1/namespaces/aks-service-1/deployments/scoring");
  const { spec } = JSON.parse(text) as {
    spec: { template: { spec: { containers: { env: Record<string, unknown>[] }[] } } };
  };
  return spec.template.spec.containers[0]?.env ?? [];
}

it("does by a saved plan what it planned, and shows no token and no secret anywhere", async () => {
  const config = await withSecret();
  const plan = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-plan-")), "plan.json");
  const planned = await pulumi("preview", "--save-plan", plan, ...config);
  const done = await pulumi(...UP, "--plan", plan, ...config);
  const state = await pulumi("stack", "export");
  for (const text of [planned, done, state, fs.readFileSync(plan, "utf8")]) {
    expect(/s3cret|eyJ[\w-]+\.eyJ/.exec(text)?.[0]).toBe(undefined);
  }
  const env = await environmentOfPods();
  expect(env.find(({ name }) => name === "DB_PASSWORD")).toMatchObject({
    valueFrom: { secretKeyRef: { key: "DB_PASSWORD" } },
  });
  await pulumi("preview", "--expect-no-changes", ...config);
  const setting = "azureml-aks:services.aks-service-1.settings.DB_PASSWORD";
  await pulumi("config", "set", "--secret", "--path", setting, "another", ...config);
  expect(await plannedChanges(...config)).toEqual([
    "dataplane:index:Rollout update",
    "kubernetes:apps/v1:Deployment update",
    "kubernetes:core/v1:Secret replace",
    "random:index/randomString:RandomString replace",
  ]);
});

it("keeps everything in a stack that is renamed", async () => {
  // Back to what the stack's own file says.
  await pulumi(...UP);
  const file = path.join(ROOT, "Pulumi.sandbox.yaml");
  const original = fs.readFileSync(file);
  const rename = (from: string, to: string) =>
    run("pulumi", ["stack", "rename", to, "--stack", from, "--non-interactive"]);
  await rename("sandbox", "Pr-12_");
  try {
    const args = ["preview", "--expect-no-changes", "--stack", "Pr-12_", "--non-interactive"];
    await run("pulumi", args);
  } finally {
    await rename("Pr-12_", "sandbox");
    fs.writeFileSync(file, original);
  }
});

it("makes again by refresh and up what was deleted by hand: image, blobs, secret, role", async () => {
  await deleteRepository("myimage1");
  await deleteBlobs("best_model");
  await onCluster("DELETE", "/api/v1/namespaces/aks-service-1/secrets/scoring");
  await deleteInAzure("cluster-pull-role", ROLE_API);
  await pulumi("refresh", "--yes");
  await pulumi(...UP);
  await predict(await service());
  await pulumi(...UP, "--expect-no-changes");
  await pulumi("refresh", "--yes", "--expect-no-changes");
});

it("makes again by one up with --refresh: repository and namespace", async () => {
  await deleteRepository("myimage1");
  await deleteNamespace("aks-service-1");
  await pulumi(...UP, "--refresh");
  await predict(await service());
  await pulumi(...UP, "--expect-no-changes");
});

/** A resource as the state records it. */
interface Recorded {
  readonly urn: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[]>>;
}

it("takes back what Azure has and the state has lost, by the command of the README", async () => {
  const { urn, type, id = "" } = await stateResource("workspace-delete-role");
  const text = await pulumi("stack", "export");
  const state = JSON.parse(text) as {
    deployment: { resources: Recorded[] };
  };
  const others = (urns: readonly string[] = []) => urns.filter((on) => on !== urn);
  const resources = state.deployment.resources
    .filter((resource) => resource.urn !== urn)
    .map(({ dependencies, propertyDependencies = {}, ...rest }) => ({
      ...rest,
      dependencies: others(dependencies),
      propertyDependencies: Object.fromEntries(
        Object.entries(propertyDependencies).map(([key, urns]) => [key, others(urns)]),
      ),
    }));
  const lost = path.join(
    fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-state-")),
    "state.json",
  );
  fs.writeFileSync(
    lost,
    JSON.stringify({ ...state, deployment: { ...state.deployment, resources } }),
  );
  await pulumi("stack", "import", "--file", lost);
  const parent = (await stateResource("workspace")).urn;
  const readme = fs.readFileSync(path.join(ROOT, "README.md"), "utf8");
  const [, command = ""] = /`(pulumi import [^`]*)`/.exec(readme) ?? [];
  const values = { TYPE: type, NAME: "workspace-delete-role", ID: id, PARENT: parent };
  const filled = Object.entries(values).reduce(
    (line, [name, value]) => line.replace(name, `'${value}'`),
    command,
  );
  await run("sh", ["-eu", "-c", `${filled} --stack sandbox --non-interactive`]);
  await pulumi(...UP);
  await pulumi(...UP, "--expect-no-changes");
  expect((await stateResources()).filter((resource) => resource.urn === urn)).toHaveLength(1);
});

it("leaves one image and one build context, however many were built", async () => {
  const { registryLoginServer } = await stackOutputs();
  const images = await run("docker", ["images", "--format", "{{.Repository}}:{{.Tag}}"]);
  expect(images.split("\n").filter((name) => name.startsWith(registryLoginServer))).toHaveLength(1);
  await pulumi("preview", "--expect-no-changes");
  const contexts = fs.readdirSync(path.join(ROOT, ".build/contexts"));
  expect(contexts.filter((name) => !name.includes("."))).toHaveLength(1);
});

it("leaves no plugin alive when the engine was killed", async () => {
  const plugins = async () => {
    const processes = await run("ps", ["-eo", "args"]);
    return processes.split("\n").filter((line) => line.includes("pulumi-resource-dataplane"));
  };
  const refresh = start("pulumi", ["refresh", "--yes", "-s", "sandbox", "--non-interactive"]);
  while ((await plugins()).length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  process.kill(refresh.pid, "SIGKILL");
  await refresh.finished;
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  expect(await plugins()).toEqual([]);
  await pulumi("cancel", "--yes");
});

it("runs to its end with --target, and leaves out what is new beside it", async () => {
  const services = sandboxConfig()["azureml-aks:services"] as Record<string, Values>;
  const second = replaced(services["aks-service-1"], ["image", "name"], "myimage2");
  const both = variant((config) =>
    replaced(config, ["azureml-aks:services", "aks-service-2"], second),
  );
  const { urn } = await stateResource("aks-service-1-disruption");
  await pulumi(...UP, "--target", urn, "--expect-no-changes", ...both);
  expect((await stateResources()).filter((found) => found.urn.includes("service-2"))).toEqual([]);
});
