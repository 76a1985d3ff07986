import { resolved, settingsIn, type Settings } from "../../../dataplane/signIn/settings";
import { chooseSignIn } from "../../../dataplane/signIn/signIn";

describe("the settings of the sign-in", () => {
  it("are those of the configuration, and of the environment where it has none", () => {
    const env = { ARM_CLIENT_ID: "theirs", ARM_CLIENT_SECRET: "secret", ARM_TENANT_ID: "" };
    expect(resolved({ clientId: "ours" }, env)).toEqual({
      clientId: "ours",
      clientSecret: "secret",
    });
  });

  it("are not the environment's where the configuration has an empty one, as azure-native reads it", () => {
    expect(resolved({ clientSecret: "" }, { ARM_CLIENT_SECRET: "secret" })).toEqual({});
  });

  it("are picked from a configuration that has others", () => {
    const values = { clientId: "client", location: "westeurope", version: "3.28.0", useOidc: true };
    expect(settingsIn(values)).toEqual({ clientId: "client" });
  });
});

describe("the way to sign in", () => {
  it("is the first that is set, in the order of azure-native", () => {
    const all: Settings = {
      useDefaultAzureCredential: "true",
      clientCertificatePath: "cert.pem",
      clientSecret: "secret",
      useOidc: "true",
      useMsi: "true",
    };
    const order: string[] = [];
    let left: Settings = all;
    for (const key of Object.keys(all) as (keyof Settings)[]) {
      order.push(chooseSignIn(left).kind);
      left = Object.fromEntries(Object.entries(left).filter(([name]) => name !== key));
    }
    order.push(chooseSignIn(left).kind);
    expect(order).toEqual([
      "default",
      "certificate",
      "secret",
      "oidc",
      "managedIdentity",
      "azureCli",
    ]);
  });

  it.each(["false", "1", "", "yes", "True"])("is no other than the Azure CLI's at %j", (word) => {
    expect(chooseSignIn({ useOidc: word, useMsi: word }).kind).toBe("azureCli");
  });

  it("takes a pipeline's token as it is before one from a file, and that before one to ask for", () => {
    const oidc: Settings = { useOidc: "true", oidcRequestUrl: "url", oidcRequestToken: "bearer" };
    const file: Settings = { ...oidc, oidcTokenFilePath: "file" };
    expect(chooseSignIn({ ...file, oidcToken: "token" })).toEqual({ kind: "oidc", token: "token" });
    expect(chooseSignIn(file)).toEqual({ kind: "oidc", token: "file" });
    expect(chooseSignIn(oidc)).toEqual({ kind: "oidc", token: "request" });
    expect(chooseSignIn({ useOidc: "true", oidcRequestUrl: "url" })).toEqual({
      kind: "oidc",
      token: undefined,
    });
  });
});
