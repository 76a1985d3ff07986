import type { Settings } from "../../../../dataplane/signIn/settings";
import { Faults } from "../../../../components/config/faults";
import { checkIdentity } from "../../../../components/signIn/check";
import { identityOf } from "../../../../components/signIn/identity";
import { inFolderWith, write } from "../../../support/folder";

inFolderWith({});

const PEM = "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n";
const CLIENT: Settings = { clientId: "client", tenantId: "tenant", subscriptionId: "subscription" };

function faults(configured: Settings, env: Readonly<Record<string, string>> = {}) {
  const found = new Faults();
  checkIdentity(identityOf(configured, env), found);
  return found.list;
}

describe("the settings of the sign-in", () => {
  beforeEach(() => write({ "cert.pem": PEM, "cert.pfx": "\x30\x82" }));

  it.each<[string, Settings, Readonly<Record<string, string>>]>([
    ["nothing, with an Azure CLI", {}, {}],
    ["a subscription among those of the Azure CLI", { subscriptionId: "subscription" }, {}],
    ["a secret", { ...CLIENT, clientSecret: "secret" }, {}],
    ["a secret of the environment", CLIENT, { ARM_CLIENT_SECRET: "secret" }],
    ["a certificate", { ...CLIENT, clientCertificatePath: "cert.pem" }, {}],
    ["a pipeline's token", { ...CLIENT, useOidc: "true", oidcToken: "token" }, {}],
    ["a managed identity", { useMsi: "true", subscriptionId: "subscription" }, {}],
    // azure-native takes the CLI's account then, and always has.
    ["a client in the environment, with an Azure CLI", {}, { ARM_CLIENT_ID: "client" }],
  ])("are right with %s", (_, configured, env) => {
    expect(faults(configured, env)).toEqual([]);
  });

  it("are refused where azure-native would ask for one, all at once and by name", () => {
    expect(faults({ clientSecret: "secret" })).toMatchObject([
      {
        key: "azure-native:subscriptionId",
        value: undefined,
        rule: "must be set to sign in with a client secret",
        remedy:
          "set it: `pulumi config set azure-native:subscriptionId <value>` or ARM_SUBSCRIPTION_ID",
      },
      { key: "azure-native:tenantId" },
      { key: "azure-native:clientId" },
    ]);
  });

  it("are refused with a client that has nothing to sign in with", () => {
    expect(faults(CLIENT)).toMatchObject([
      {
        key: "azure-native:clientId",
        value: "client",
        rule: "must come with what it signs in with; azure-native would take the Azure CLI's account",
      },
    ]);
  });

  it("are refused with OIDC and no token, also where one half of a source is missing", () => {
    for (const half of [{}, { oidcRequestUrl: "url" }, { oidcRequestToken: "bearer" }]) {
      expect(faults({ ...CLIENT, useOidc: "true", ...half })).toMatchObject([
        { key: "azure-native:oidcToken", value: undefined },
      ]);
    }
  });

  it.each<[string, Settings, string, string]>([
    ["no file", { clientCertificatePath: "none.pem" }, "clientCertificatePath", "must name a file"],
    [
      "a PFX file, which only azure-native could read",
      { clientCertificatePath: "cert.pfx" },
      "clientCertificatePath",
      "must name a PEM file with certificate and key",
    ],
    [
      "a password",
      { clientCertificatePath: "cert.pem", clientCertificatePassword: "secret" },
      "clientCertificatePassword",
      "must not be set: a PEM file has its key in clear, which is what all parts can read",
    ],
  ])("are refused with a certificate of %s", (_, certificate, key, rule) => {
    expect(faults({ ...CLIENT, ...certificate })).toMatchObject([
      { key: `azure-native:${key}`, rule },
    ]);
  });

  it("are named as they were given, by key or by variable", () => {
    expect(faults({}, { ARM_USE_OIDC: "1" })).toMatchObject([
      { key: "ARM_USE_OIDC", value: "1", rule: "must be true or false" },
    ]);
    expect(faults({ useMsi: "yes" })).toMatchObject([{ key: "azure-native:useMsi", value: "yes" }]);
  });

  it("are refused for a cloud that is not the public one", () => {
    expect(faults({ environment: "usgovernment" })).toMatchObject([
      { key: "azure-native:environment", value: "usgovernment" },
    ]);
    expect(faults({ environment: "public" })).toEqual([]);
  });

  it("never show a secret", () => {
    const all = faults({
      clientSecret: "s3cret",
      clientCertificatePassword: "s3cret",
      oidcToken: "s3cret",
      clientCertificatePath: "none.pem",
    });
    expect(all.length).toBeGreaterThan(3);
    expect(JSON.stringify(all)).not.toContain("s3cret");
  });
});
