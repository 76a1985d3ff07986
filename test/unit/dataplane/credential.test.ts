import { chooseSignIn } from "../../../dataplane/credential";

const TENANT = { ARM_TENANT_ID: "tenant" };
const CLIENT = { ...TENANT, ARM_CLIENT_ID: "client" };
const SECRET = { ...CLIENT, ARM_CLIENT_SECRET: "secret" };
const CERTIFICATE = { ...CLIENT, ARM_CLIENT_CERTIFICATE_PATH: "/cert.pfx" };

describe("the way to sign in", () => {
  it("is the Azure CLI's where nothing is set, for the tenant that is set", () => {
    expect(chooseSignIn({})).toEqual({ kind: "azureCli" });
    expect(chooseSignIn(TENANT)).toEqual({ kind: "azureCli", tenantId: "tenant" });
  });

  it("is a service principal's secret", () => {
    expect(chooseSignIn(SECRET)).toEqual({
      kind: "secret",
      tenantId: "tenant",
      clientId: "client",
      secret: "secret",
    });
  });

  it("is a certificate before a secret", () => {
    expect(chooseSignIn({ ...SECRET, ...CERTIFICATE })).toEqual({
      kind: "certificate",
      tenantId: "tenant",
      clientId: "client",
      path: "/cert.pfx",
    });
  });

  it.each(["true", "1"])("is a pipeline's token before both when that is on (%s)", (on) => {
    expect(chooseSignIn({ ...SECRET, ...CERTIFICATE, ARM_USE_OIDC: on })).toEqual({
      kind: "oidc",
      tenantId: "tenant",
      clientId: "client",
    });
  });

  it.each(["false", "0", "", "yes", undefined])("is no pipeline's token at %j", (off) => {
    expect(chooseSignIn({ ...SECRET, ARM_USE_OIDC: off }).kind).toBe("secret");
  });

  it("is a managed identity, named by its client id or the machine's own", () => {
    expect(chooseSignIn({ ARM_USE_MSI: "true" })).toEqual({ kind: "managedIdentity" });
    expect(chooseSignIn({ ARM_USE_MSI: "true", ARM_CLIENT_ID: "client" })).toEqual({
      kind: "managedIdentity",
      clientId: "client",
    });
  });

  it("is a service principal's before a managed identity's", () => {
    expect(chooseSignIn({ ...SECRET, ARM_USE_MSI: "true" }).kind).toBe("secret");
    expect(chooseSignIn({ ...CLIENT, ARM_USE_MSI: "true" }).kind).toBe("managedIdentity");
  });

  it.each([
    ["the tenant", { ARM_CLIENT_ID: "client", ARM_CLIENT_SECRET: "secret" }],
    ["the client", { ...TENANT, ARM_CLIENT_SECRET: "secret" }],
    ["the secret", CLIENT],
    ["a secret that is not empty", { ...CLIENT, ARM_CLIENT_SECRET: "" }],
  ])("is no service principal's without %s", (_, env) => {
    expect(chooseSignIn(env).kind).toBe("azureCli");
  });
});
