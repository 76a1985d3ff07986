import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../../../dataplane/signIn/settings";
import { actingAs } from "../../../../components/signIn/actingAs";
import { identityOf, runsAs } from "../../../../components/signIn/identity";
import { deploy } from "../../../support/deployment";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";
import { ofType, settled, startMocks } from "../../../support/mocks";

inFolderWith(SAMPLE_PROJECT);

const SECRET: Settings = { clientId: "client", clientSecret: "s3cret-value", tenantId: "tenant" };
const ENV = { ARM_CLIENT_ID: "client", ARM_CLIENT_SECRET: "s3cret-value", ARM_TENANT_ID: "tenant" };
const PROVIDER = "pulumi:providers:dataplane";

async function deployed(configured: Settings, env: Readonly<Record<string, string>> = {}) {
  const recording = await startMocks();
  deploy({}, actingAs(identityOf(configured, env)));
  await settled();
  return recording;
}

describe("the provider of blobs and images", () => {
  it("is the engine's own where who signs in stands in the environment", async () => {
    const recording = await deployed({ subscriptionId: "subscription" }, ENV);
    expect(ofType(recording, PROVIDER)).toEqual([]);
    const dataplane = recording.registrations.filter(({ type }) => type.startsWith("dataplane:"));
    expect(dataplane.length).toBeGreaterThan(3);
    expect(dataplane.filter(({ provider }) => provider !== undefined)).toEqual([]);
  });

  it("is told who signs in where that stands in the stack's configuration, the secret as one", async () => {
    const recording = await deployed(SECRET);
    expect(ofType(recording, PROVIDER)).toMatchObject([
      {
        name: "deployer",
        inputs: {
          clientId: "client",
          tenantId: "tenant",
          clientSecret: { value: "s3cret-value" },
        },
      },
    ]);
    const dataplane = recording.registrations.filter(({ type }) => type.startsWith("dataplane:"));
    const providers = new Set(dataplane.map(({ provider }) => provider));
    expect([...providers]).toEqual([`${PROVIDER} deployer`]);
    const calls = recording.calls.filter(({ token }) => token.startsWith("dataplane:"));
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.filter(({ provider }) => !provider?.includes("::deployer::"))).toEqual([]);
  });

  it("is told of the subscription only to choose among accounts of the Azure CLI", async () => {
    const recording = await deployed({ subscriptionId: "subscription" });
    expect(ofType(recording, PROVIDER)).toMatchObject([
      { inputs: { subscriptionId: "subscription" } },
    ]);
  });
});

describe("who signs in", () => {
  it("is read from the stack's configuration of azure-native", async () => {
    await startMocks();
    pulumi.runtime.setAllConfig({
      "azure-native:clientId": "client",
      "azure-native:location": "westeurope",
      "other:clientSecret": "not ours",
    });
    expect(runsAs().configured).toEqual({ clientId: "client" });
  });
});
