import * as fs from "node:fs";
import type { TokenCredential } from "@azure/identity";

type Environment = Readonly<Record<string, string | undefined>>;

/** Ways to sign in, in the order in which azure-native tries them. */
export type SignIn =
  | { readonly kind: "oidc"; readonly tenantId: string; readonly clientId: string }
  | {
      readonly kind: "certificate";
      readonly tenantId: string;
      readonly clientId: string;
      readonly path: string;
    }
  | {
      readonly kind: "secret";
      readonly tenantId: string;
      readonly clientId: string;
      readonly secret: string;
    }
  | { readonly kind: "managedIdentity"; readonly clientId?: string }
  | { readonly kind: "azureCli"; readonly tenantId?: string };

function isTrue(value: string | undefined): boolean {
  return value === "true" || value === "1";
}

/**
 * Chooses the way to sign in from the environment variables that azure-native reads, so that both
 * act as the same identity.
 *
 * @see https://www.pulumi.com/registry/packages/azure-native/installation-configuration/
 */
export function chooseSignIn(env: Environment): SignIn {
  const { ARM_TENANT_ID: tenantId, ARM_CLIENT_ID: clientId } = env;
  if (tenantId && clientId) {
    if (isTrue(env.ARM_USE_OIDC)) return { kind: "oidc", tenantId, clientId };
    const path = env.ARM_CLIENT_CERTIFICATE_PATH;
    if (path) return { kind: "certificate", tenantId, clientId, path };
    const secret = env.ARM_CLIENT_SECRET;
    if (secret) return { kind: "secret", tenantId, clientId, secret };
  }
  if (isTrue(env.ARM_USE_MSI)) {
    return clientId ? { kind: "managedIdentity", clientId } : { kind: "managedIdentity" };
  }
  return tenantId ? { kind: "azureCli", tenantId } : { kind: "azureCli" };
}

/** The identity token of the pipeline that runs us, from wherever it is offered. */
async function federatedToken(env: Environment): Promise<string> {
  if (env.ARM_OIDC_TOKEN) return env.ARM_OIDC_TOKEN;
  const file = env.ARM_OIDC_TOKEN_FILE_PATH ?? env.AZURE_FEDERATED_TOKEN_FILE;
  if (file) return fs.readFileSync(file, "utf8").trim();
  const url = env.ARM_OIDC_REQUEST_URL ?? env.ACTIONS_ID_TOKEN_REQUEST_URL;
  const bearer = env.ARM_OIDC_REQUEST_TOKEN ?? env.ACTIONS_ID_TOKEN_REQUEST_TOKEN;
  if (!url || !bearer) {
    throw new Error(
      "ARM_USE_OIDC is set without ARM_OIDC_TOKEN, ARM_OIDC_TOKEN_FILE_PATH or ARM_OIDC_REQUEST_URL and _TOKEN",
    );
  }
  const request = new URL(url);
  request.searchParams.set("audience", "api://AzureADTokenExchange");
  const response = await fetch(request, { headers: { authorization: `Bearer ${bearer}` } });
  const body = (await response.json()) as { value?: string };
  if (!response.ok || !body.value) {
    throw new Error(`the pipeline's identity token was refused with status ${response.status}`);
  }
  return body.value;
}

/** Credential of the identity that deploys. */
export async function deployerCredential(env: Environment = process.env): Promise<TokenCredential> {
  // Loaded on first use: a preview needs no token, and this library takes most of a second.
  const identity = await import("@azure/identity");
  const options = { disableInstanceDiscovery: isTrue(env.ARM_DISABLE_INSTANCE_DISCOVERY) };
  const signIn = chooseSignIn(env);
  switch (signIn.kind) {
    case "oidc":
      return new identity.ClientAssertionCredential(
        signIn.tenantId,
        signIn.clientId,
        () => federatedToken(env),
        options,
      );
    case "certificate":
      return new identity.ClientCertificateCredential(
        signIn.tenantId,
        signIn.clientId,
        signIn.path,
        options,
      );
    case "secret":
      return new identity.ClientSecretCredential(
        signIn.tenantId,
        signIn.clientId,
        signIn.secret,
        options,
      );
    case "managedIdentity":
      return signIn.clientId
        ? new identity.ManagedIdentityCredential({ clientId: signIn.clientId })
        : new identity.ManagedIdentityCredential();
    case "azureCli":
      return new identity.AzureCliCredential(signIn.tenantId ? { tenantId: signIn.tenantId } : {});
  }
}
