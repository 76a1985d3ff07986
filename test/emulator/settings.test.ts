import { readSettings } from "../../sandbox/plugins/azure-native/settings";
import { Secret } from "../../sandbox/plugins/protocol";

const ENV = {
  ARM_METADATA_HOSTNAME: "127.0.0.1:1",
  ARM_TENANT_ID: "tenant",
  ARM_SUBSCRIPTION_ID: "subscription",
  ARM_CLIENT_ID: "client",
  ARM_CLIENT_SECRET: "secret",
};

test("settings come from the environment, and configuration goes before it", () => {
  const args = { subscriptionId: "other", clientSecret: new Secret("s"), location: "uksouth" };
  expect(readSettings(args, ENV)).toEqual({
    metadataHost: "127.0.0.1:1",
    tenantId: "tenant",
    subscriptionId: "other",
    clientId: "client",
    clientSecret: "s",
    location: "uksouth",
  });
});

test("each missing setting is named with both its names", () => {
  expect(() => readSettings({}, { ...ENV, ARM_METADATA_HOSTNAME: "" })).toThrow(
    "needs azure-native:metadataHost (or ARM_METADATA_HOSTNAME)",
  );
});

test("a way to sign in that the stand-in does not have is refused, unless it is off", () => {
  expect(() => readSettings({ useOidc: "true" }, ENV)).toThrow("does not support useOidc");
  expect(readSettings({ useOidc: "false", environment: "public" }, ENV).clientId).toBe("client");
});
