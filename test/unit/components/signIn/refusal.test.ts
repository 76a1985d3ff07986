import * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../../../../dataplane/signIn/settings";
import { identityOf } from "../../../../components/signIn/identity";
import { signInRefusal } from "../../../../components/signIn/refusal";

const SECRET: Settings = {
  clientId: "client",
  clientSecret: "s3cret-value",
  tenantId: "tenant",
  subscriptionId: "subscription",
};
const ENV = {
  ARM_CLIENT_ID: "client",
  ARM_CLIENT_SECRET: "s3cret-value",
  ARM_TENANT_ID: "tenant",
  ARM_SUBSCRIPTION_ID: "subscription",
};

/** As azure-native says it: the words of Azure's library for Go, around Entra's answer. */
function refused(description: string): string {
  return `invocation of azure-native:authorization:getClientConfig returned an error: getting client config: could not acquire access token to parse claims: ClientSecretCredential authentication failed.
POST https://login.microsoftonline.com/tenant/oauth2/v2.0/token
--------------------------------------------------------------------------------
RESPONSE 401: 401 Unauthorized
--------------------------------------------------------------------------------
{
  "error": "invalid_client",
  "error_description": "${description} Trace ID: 1-2 Correlation ID: 3-4 Timestamp: 2026-11-26 10:00:00Z",
  "error_codes": [ 7000215 ]
}
--------------------------------------------------------------------------------
To troubleshoot, visit https://aka.ms/azsdk/go/identity/troubleshoot#client-secret`;
}

function message(words: string, configured: Settings, env: Readonly<Record<string, string>> = {}) {
  const error = signInRefusal(new Error(words), identityOf(configured, env));
  expect(error).toBeInstanceOf(pulumi.RunError);
  return error.message;
}

describe("a sign-in that Azure refuses", () => {
  it("is told in Entra's words and with a remedy, a line each", () => {
    const words = refused(
      "AADSTS7000222: The provided client secret keys for app 'client' are expired.",
    );
    expect(message(words, SECRET)).toBe(
      "cannot sign in to Azure with a client secret: AADSTS7000222: The provided client secret keys for app 'client' are expired; nothing was created or changed.\n" +
        "-> the client secret has expired: make one with `az ad app credential reset --id client --append` and `pulumi config set --secret azure-native:clientSecret <value>`",
    );
  });

  it("names the variable where the secret stands in the environment", () => {
    const text = message(refused("AADSTS7000215: Invalid client secret provided."), {}, ENV);
    expect(text).toContain("-> give the secret's value, not its id: set ARM_CLIENT_SECRET;");
  });

  it.each([
    ["AADSTS90002: Tenant 'x' not found.", "check azure-native:tenantId"],
    [
      "AADSTS700016: Application 'x' was not found.",
      "check azure-native:clientId and azure-native:tenantId",
    ],
    [
      "AADSTS700213: No matching federated identity record found.",
      "az ad app federated-credential create",
    ],
    ["AADSTS700024: Client assertion is not within its valid time range.", "has expired"],
  ])("has a remedy for %s", (words, remedy) => {
    expect(message(refused(words), SECRET)).toContain(remedy);
  });

  it.each([
    ["is not there", 'exec: "az": executable file not found in $PATH'],
    ["has no account", "ERROR: Please run 'az login' to setup account.\n"],
  ])("sends to `az login` where the Azure CLI %s", (_, words) => {
    const text = message(words, {}, { ARM_TENANT_ID: "tenant" });
    expect(text).toContain(`with the Azure CLI: ${words.trim()}`.replace(/\.$/, ""));
    expect(text).toContain("-> run `az login --tenant tenant`");
    expect(text.split("\n")).toHaveLength(2);
  });

  it("says that a client id alone signs nobody in", () => {
    expect(message("az?", {}, { ARM_CLIENT_ID: "client" })).toContain(
      "ARM_CLIENT_ID alone signs nobody in",
    );
  });

  it("sends to the network where nobody answers", () => {
    const words = "dial tcp: lookup login.microsoftonline.com: no such host";
    expect(message(words, SECRET)).toContain("-> check the network and the proxy");
  });

  it("sends to the list of subscriptions where the Azure CLI has not this one", () => {
    const words = "ERROR: The subscription of 'x' doesn't exist in cloud 'AzureCloud'.";
    expect(message(words, { subscriptionId: "x" })).toContain("az account list");
  });

  it("shows no secret, whatever Azure says", () => {
    const text = message("AADSTS1: 's3cret-value' is wrong", SECRET);
    expect(text).toContain("'[secret]' is wrong");
    expect(text).not.toContain("s3cret");
  });
});
