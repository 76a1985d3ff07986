import type { Settings } from "./settings";

/** Where a pipeline's identity token is had from. */
export type OidcToken = "token" | "file" | "request";

/** Ways to sign in, each with the settings that it takes; a mistake leaves one of them undefined. */
export type SignIn =
  | { readonly kind: "default" }
  | { readonly kind: "certificate" }
  | { readonly kind: "secret" }
  | { readonly kind: "oidc"; readonly token: OidcToken | undefined }
  | { readonly kind: "managedIdentity" }
  | { readonly kind: "azureCli" };

/** azure-native takes no other word for yes. */
function isOn(value: string | undefined): boolean {
  return value === "true";
}

function oidcToken(settings: Settings): OidcToken | undefined {
  if (settings.oidcToken) return "token";
  if (settings.oidcTokenFilePath) return "file";
  return settings.oidcRequestUrl && settings.oidcRequestToken ? "request" : undefined;
}

/**
 * The way to sign in, by the order in which azure-native tries them. It does not go on to the next one
 * where a setting of the first is missing.
 *
 * @see https://github.com/pulumi/pulumi-azure-native/blob/master/provider/pkg/provider/auth_azidentity.go
 */
export function chooseSignIn(settings: Settings): SignIn {
  if (isOn(settings.useDefaultAzureCredential)) return { kind: "default" };
  if (settings.clientCertificatePath) return { kind: "certificate" };
  if (settings.clientSecret) return { kind: "secret" };
  if (isOn(settings.useOidc)) return { kind: "oidc", token: oidcToken(settings) };
  if (isOn(settings.useMsi)) return { kind: "managedIdentity" };
  return { kind: "azureCli" };
}
