import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { armResources, principal, token } from "../support/azure";
import { clusterObjects } from "../support/kubernetes";
import { attempt, attemptPulumi, pulumi, request, run, stackOutputs } from "../support/sandbox";
import { predict, whilePolling } from "../support/scoring";
import { besideFirst, existingWorkspace } from "../support/secondStack";
import { service } from "../support/services";
import { replaced, sandboxConfig, variant, type Values } from "../support/stackConfig";

const YES = ["--yes", "--skip-preview", "--non-interactive"];
const FIRST = "aks-service-1";
const SERVICES = ["azureml-aks:services"];

/** Repositories of the workspace's registry. */
async function repositories(): Promise<readonly string[]> {
  const { registryLoginServer: host } = await stackOutputs();
  const exchange = async (kind: string, form: Record<string, string>) => {
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams({ service: host, ...form }).toString();
    const answer = await request(
      `https://${host}/oauth2/${kind}`,
      { method: "POST", headers },
      body,
    );
    return JSON.parse(answer.body) as { refresh_token: string; access_token: string };
  };
  const { refresh_token } = await exchange("exchange", {
    grant_type: "access_token",
    access_token: await token(principal("deployer")),
  });
  const { access_token } = await exchange("token", {
    grant_type: "refresh_token",
    scope: "registry:catalog:*",
    refresh_token,
  });
  const headers = { authorization: `Bearer ${access_token}` };
  const { body } = await request(`https://${host}/acr/v1/_catalog`, { headers });
  return (JSON.parse(body) as { repositories: string[] }).repositories;
}

/** Configuration of another stack beside the first one, in its workspace or in one of its own. */
function besides(workspace: Values, change: (config: Values) => Values = (config) => config) {
  return besideFirst((config) =>
    change({
      "azureml-aks:workspace": workspace,
      "azureml-aks:models": config["azureml-aks:models"],
      "azureml-aks:services": {},
    }),
  );
}

/** Runs something with a stack that is gone afterwards. */
async function withStack(name: string, work: (stack: readonly string[]) => Promise<void>) {
  const stack = ["--stack", name];
  await run("pulumi", ["stack", "init", name, "--no-select", "--non-interactive"]);
  try {
    await work(stack);
  } finally {
    await attempt("pulumi", ["destroy", ...YES, ...stack]);
    await run("pulumi", ["stack", "rm", "--yes", "--force", "--preserve-config", ...stack]);
    fs.rmSync(`Pulumi.${name}.yaml`, { force: true });
  }
}

it("keeps images, addresses and keys when services are renamed and exchange their images", async () => {
  const first = (sandboxConfig()["azureml-aks:services"] as Record<string, Values>)[FIRST];
  const { autoscale, ...one } = first as Values;
  expect(autoscale).toBeDefined();
  const small = { ...one, replicas: 1 };
  const named = (value: Values, image: string, namespace: string) => ({
    ...replaced(value, ["image", "name"], image),
    namespace,
  });
  const two = variant((config) =>
    replaced(config, SERVICES, {
      [FIRST]: named(first as Values, "myimage1", FIRST),
      second: named({ ...small, exposure: "cluster" }, "myimage2", "second"),
    }),
  );
  const exchanged = variant((config) =>
    replaced(config, SERVICES, {
      renamed: named(first as Values, "myimage2", FIRST),
      second: named({ ...small, exposure: "cluster" }, "myimage1", "second"),
    }),
  );
  const before = await service();
  await pulumi("up", "--yes", "--skip-preview", ...two);
  const poll = await whilePolling(before, () =>
    pulumi("up", "--yes", "--skip-preview", ...exchanged),
  );
  expect(poll.failures).toEqual([]);
  const { imageDigest, ...after } = await service("renamed");
  expect(after).toEqual({ ...before, imageDigest: undefined });
  expect(imageDigest).toMatch(/^sha256:/);
  const images = ["myimage1", "myimage2"].map((image) => `azureml-aks/sandbox/${image}`);
  expect(await repositories()).toEqual(images);
  await pulumi("refresh", "--yes", "--expect-no-changes");
  await pulumi("up", "--yes", "--skip-preview");
  expect(await repositories()).toEqual(["azureml-aks/sandbox/myimage1"]);
  expect(await service()).toMatchObject({ primaryKey: before.primaryKey });
});

it("refuses in the preview what another stack registered, shares it when asked, and leaves it there", async () => {
  const workspace = await existingWorkspace();
  await withStack("claims", async (stack) => {
    const same = await besides(workspace);
    const refused = await attempt("pulumi", ["preview", "--non-interactive", ...stack, ...same]);
    expect(refused.code).not.toBe(0);
    expect(refused.output).toContain("/sandbox has uploaded this version of the model already");
    // Who leaves the preview out learns it from Azure, before anything of the model is written.
    const { code, output } = await attempt("pulumi", ["up", ...YES, ...stack, ...same]);
    expect(code).not.toBe(0);
    expect(output).toContain("cannot create already existing resource");
    expect(output).not.toContain("ModelBlobs best_model-blobs creating");
    await run("pulumi", ["destroy", ...YES, ...stack, ...same]);
    await pulumi("refresh", "--yes", "--expect-no-changes");

    const models = ["azureml-aks:models", "best_model"];
    const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "claims-")), "model.pkl");
    fs.writeFileSync(file, "another");
    const named = await besides(workspace, (config) => replaced(config, [...models, "path"], file));
    const taken = await attempt("pulumi", ["preview", "--non-interactive", ...stack, ...named]);
    expect(taken.output).toContain("its name is the stack");

    const missing = await besides(workspace, (config) =>
      replaced(replaced(config, [...models, "path"], file), [...models, "existing"], true),
    );
    const none = await attempt("pulumi", ["preview", "--non-interactive", ...stack, ...missing]);
    expect(none.output).toContain("must be a model whose version is registered in the workspace");

    const shared = await besides(workspace, (config) =>
      replaced(config, [...models, "existing"], true),
    );
    await run("pulumi", ["up", ...YES, ...stack, ...shared]);
    await run("pulumi", ["up", ...YES, ...stack, ...shared, "--expect-no-changes"]);
    await run("pulumi", ["destroy", ...YES, ...stack, ...shared]);
    await pulumi("refresh", "--yes", "--expect-no-changes");
  });
});

it("moves to another region, where Azure keeps the old names", async () => {
  await withStack("region", async (stack) => {
    const there = await besides({ mode: "new", name: "moving" });
    await run("pulumi", ["up", ...YES, ...stack, ...there]);
    const before = (await stackOutputs("region")).workspaceId;
    const elsewhere = await besides({ mode: "new", name: "moving" }, (config) => ({
      ...config,
      "azure-native:location": "northeurope",
    }));
    await run("pulumi", ["up", ...YES, ...stack, ...elsewhere]);
    expect((await stackOutputs("region")).workspaceId).not.toBe(before);
    await run("pulumi", ["up", ...YES, ...stack, ...elsewhere, "--expect-no-changes"]);
    expect((await armResources()).filter((id) => id.includes("moving")).length).toBe(6);
    await run("pulumi", ["destroy", ...YES, ...stack, ...elsewhere]);
  });
});

/** Commands of a refused preview that hand something over; none where the preview passes. */
async function handOver(config: readonly string[]): Promise<readonly string[]> {
  const { code, output } = await attemptPulumi(["preview", ...config]);
  const commands = output.split("\n").filter((line) => /^\s+(pulumi st|'urn)/.test(line));
  expect(code === 0).toBe(commands.length === 0);
  return commands;
}

it("refuses to use its own workspace or cluster as an existing one, and says how to hand it over", async () => {
  const { clusterId: resourceId } = await stackOutputs();
  const workspace = await existingWorkspace();
  const both = variant((config) => ({
    ...config,
    "azureml-aks:workspace": workspace,
    "azureml-aks:cluster": { mode: "attach", login: "spn", resourceId },
  }));
  const objects = await clusterObjects();
  const before = await service();
  const others = ["sandbox-workspace", "sandbox-cluster"];
  const moved = new Map<string, readonly string[]>();
  try {
    const poll = await whilePolling(before, async () => {
      // The engine says which first.
      while (moved.size < others.length) {
        const commands = await handOver(both);
        const [, other = ""] = /--source sandbox --dest (\S+)/.exec(commands.join("\n")) ?? [];
        expect(others.filter((name) => !moved.has(name))).toContain(other);
        await run("sh", ["-euc", commands.join("\n")]);
        const urns = [...commands.join("\n").matchAll(/'(urn:[^']+)'/g)].map(([, urn = ""]) => urn);
        moved.set(other, urns);
      }
      expect(await handOver(both)).toEqual([]);
      await pulumi("up", "--yes", "--skip-preview", ...both);
      await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes", ...both);
    });
    expect(poll.failures).toEqual([]);
    expect(await clusterObjects()).toEqual(objects);
    expect(await service()).toEqual(before);
  } finally {
    for (const [other, urns] of moved) {
      // They are in no component there; what says whose they are has been made anew here.
      const there = urns
        .filter((urn) => !urn.includes("Ownership"))
        .map((urn) => urn.replace(/:sandbox::(.*)::.*\$/, `:${other}::$1::`));
      const back = ["state", "move", "--yes", "--source", other, "--dest", "sandbox"];
      await run("pulumi", [...back, ...there]);
      await run("pulumi", ["stack", "rm", "--yes", "--force", "--preserve-config", "-s", other]);
      fs.rmSync(`Pulumi.${other}.yaml`, { force: true });
    }
  }
  await pulumi("up", "--yes", "--skip-preview");
  await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
  await predict(await service());
});
