import * as fs from "node:fs";
import type { TokenCredential } from "@azure/identity";
import { configuredSettings } from "./signIn/configured";
import { SOURCES, type Setting, type Settings } from "./signIn/settings";
import { chooseSignIn, type OidcToken } from "./signIn/signIn";

/** A setting without which this way to sign in is none. */
function needed(settings: Settings, key: Setting): string {
  const value = settings[key];
  if (value !== undefined) return value;
  throw new Error(`signing in to Azure takes azure-native:${key} or ${SOURCES[key]}`);
}

/** The identity token of the pipeline that runs us; one from a file or the pipeline may be another each time. */
async function federatedToken(settings: Settings, from: OidcToken | undefined): Promise<string> {
  if (from === "token") return needed(settings, "oidcToken");
  if (from === "file") return fs.readFileSync(needed(settings, "oidcTokenFilePath"), "utf8").trim();
  const request = new URL(needed(settings, "oidcRequestUrl"));
  const audience = settings.oidcAudience ?? "api://AzureADTokenExchange";
  request.searchParams.set("audience", audience);
  const authorization = `Bearer ${needed(settings, "oidcRequestToken")}`;
  const response = await fetch(request, { headers: { authorization, accept: "application/json" } });
  const body = await response.text();
  if (!response.ok) {
    throw new Error(`the pipeline's identity token was refused with status ${response.status}`);
  }
  const { value } = JSON.parse(body) as { value?: string };
  if (!value) throw new Error("the pipeline answered without an identity token");
  return value;
}

/** Credential of the identity that deploys: whom azure-native signs in. It renews its tokens by itself. */
export async function deployerCredential(
  settings: Settings = configuredSettings(),
): Promise<TokenCredential> {
  // Loaded on first use: a preview needs no token, and this library takes most of a second.
  const identity = await import("@azure/identity");
  const signIn = chooseSignIn(settings);
  const { tenantId, clientId } = settings;
  const options = {
    disableInstanceDiscovery: settings.disableInstanceDiscovery === "true",
    additionallyAllowedTenants: additionalTenants(settings),
  };
  const client = (): [string, string] => [
    needed(settings, "tenantId"),
    needed(settings, "clientId"),
  ];
  switch (signIn.kind) {
    case "default":
      return new identity.DefaultAzureCredential(tenantId ? { ...options, tenantId } : options);
    case "oidc":
      return new identity.ClientAssertionCredential(
        ...client(),
        () => federatedToken(settings, signIn.token),
        options,
      );
    case "certificate":
      return new identity.ClientCertificateCredential(
        ...client(),
        needed(settings, "clientCertificatePath"),
        options,
      );
    case "secret":
      return new identity.ClientSecretCredential(
        ...client(),
        needed(settings, "clientSecret"),
        options,
      );
    case "managedIdentity":
      return clientId
        ? new identity.ManagedIdentityCredential({ clientId })
        : new identity.ManagedIdentityCredential();
    case "azureCli":
      return new identity.AzureCliCredential(cliOptions(settings));
  }
}

function additionalTenants({ auxiliaryTenantIds }: Settings): string[] {
  return auxiliaryTenantIds === undefined ? [] : (JSON.parse(auxiliaryTenantIds) as string[]);
}

/** Of several accounts of the Azure CLI, the one that azure-native takes. */
function cliOptions({ tenantId, subscriptionId }: Settings) {
  const tenant = tenantId === undefined ? {} : { tenantId };
  return subscriptionId === undefined ? tenant : { ...tenant, subscription: subscriptionId };
}
