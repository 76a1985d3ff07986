import * as fs from "node:fs";
import { armResources, principal, subscriptionId, tenantId } from "../support/azure";
import { clusterObjects } from "../support/kubernetes";
import { attempt, attemptPulumi, run } from "../support/sandbox";
import { predict } from "../support/scoring";
import { besideFirst } from "../support/secondStack";
import { service } from "../support/services";
import { replaced, type Values } from "../support/stackConfig";

const STACK = "signed-in";
const MINE = ["--stack", STACK, "--non-interactive"];
const YES = ["--yes", "--skip-preview"];

/** Nobody signs in by the environment, which still says where the cloud is. */
const NOBODY = {
  ARM_CLIENT_ID: "",
  ARM_CLIENT_SECRET: "",
  ARM_TENANT_ID: "",
  ARM_SUBSCRIPTION_ID: "",
};

/** The first stack's service under another name, and who deploys it. */
function signedInStack(): Promise<readonly string[]> {
  return besideFirst((config) => {
    const services = config["azureml-aks:services"] as Record<string, Values>;
    const models = config["azureml-aks:models"] as Record<string, Values>;
    return {
      "azureml-aks:models": { signed_in_model: models.best_model },
      "azureml-aks:services": {
        "signed-in": replaced(services["aks-service-1"], ["models"], ["signed_in_model"]),
      },
      "azure-native:clientId": principal("deployer").clientId,
      "azure-native:tenantId": tenantId(),
      "azure-native:subscriptionId": subscriptionId(),
    };
  });
}

const pulumi = (...args: readonly string[]) => run("pulumi", args, { env: NOBODY });

/** A line of a stack trace. */
const TRACE = /^\s+at |[Uu]nhandled/m;

it("says in a line that a secret is wrong, and what to do", async () => {
  const env = { ARM_CLIENT_SECRET: "wrong-secret-of-nobody" };
  const { code, output } = await attemptPulumi(["preview"], { env });
  expect(code).not.toBe(0);
  expect(output).toMatch(
    /cannot sign in to Azure with a client secret: AADSTS7000215.*\n.*-> give the secret's value/,
  );
  expect(output).not.toMatch(TRACE);
  expect(output).not.toContain("wrong-secret-of-nobody");
});

it("says which half of a sign-in is missing, by the name it was left out under", async () => {
  const env = { ARM_TENANT_ID: "", ARM_SUBSCRIPTION_ID: "" };
  const { code, output } = await attemptPulumi(["preview"], { env });
  expect(code).not.toBe(0);
  expect(output).toMatch(
    /azure-native:subscriptionId = \(not set\)[^]*azure-native:tenantId = \(not set\)/,
  );
  expect(output).not.toMatch(TRACE);
});

it("deploys as the identity of the stack's configuration, and shows its secret nowhere", async () => {
  const { clientSecret } = principal("deployer");
  const config = await signedInStack();
  const armBefore = await armResources();
  const objectsBefore = await clusterObjects();
  await run("pulumi", ["stack", "init", STACK, "--no-select", "--non-interactive"]);
  try {
    const secret = ["config", "set", "--secret", "azure-native:clientSecret", clientSecret];
    await run("pulumi", [...secret, ...MINE, ...config]);
    const shown = [
      await pulumi("preview", "--diff", ...MINE, ...config),
      await pulumi("up", ...YES, ...MINE, ...config),
      await pulumi("up", ...YES, ...MINE, ...config, "--expect-no-changes"),
      await pulumi("stack", "export", "--stack", STACK),
    ];
    await predict(await service("signed-in", STACK));
    const outputs = ["stack", "output", "--json", "--show-secrets", "--stack", STACK];
    shown.push(await pulumi(...outputs), await pulumi("destroy", ...YES, ...MINE, ...config));
    for (const text of shown) expect(text).not.toContain(clientSecret);
    expect(await armResources()).toEqual(armBefore);
    expect(await clusterObjects()).toEqual(objectsBefore);
  } finally {
    await attempt("pulumi", ["destroy", ...YES, ...MINE, ...config], { env: NOBODY });
    await run("pulumi", ["stack", "rm", "--yes", "--force", "--preserve-config", ...MINE]);
    fs.rmSync(`Pulumi.${STACK}.yaml`, { force: true });
  }
});
