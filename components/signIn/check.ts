import * as fs from "node:fs";
import { SOURCES, type Setting } from "../../dataplane/signIn/settings";
import type { Faults } from "../config/faults";
import { isFile } from "../files/contentFiles";
import { isSecretSetting, type Identity } from "./identity";

const FLAGS = ["useDefaultAzureCredential", "useOidc", "useMsi"] as const;

const WAYS: Readonly<Record<Identity["signIn"]["kind"], string>> = {
  default: "the default credential",
  certificate: "a client certificate",
  secret: "a client secret",
  oidc: "a pipeline's token (OIDC)",
  managedIdentity: "a managed identity",
  azureCli: "the Azure CLI",
};

/** How a message names a way to sign in. */
export function wayOf({ signIn }: Identity): string {
  return WAYS[signIn.kind];
}

/** What azure-native refuses to sign in without. */
function needs({ signIn }: Identity): readonly Setting[] {
  switch (signIn.kind) {
    case "certificate":
    case "secret":
    case "oidc":
      return ["subscriptionId", "tenantId", "clientId"];
    case "default":
    case "managedIdentity":
      return ["subscriptionId"];
    case "azureCli":
      return [];
  }
}

function howToSet(key: Setting): string {
  const secret = isSecretSetting(key) ? "--secret " : "";
  return `\`pulumi config set ${secret}azure-native:${key} <value>\` or ${SOURCES[key]}`;
}

/** Refuses what cannot sign in, before anything asks for it. */
export function checkIdentity(identity: Identity, faults: Faults): void {
  const { settings, configured, signIn } = identity;
  const refuse = (key: Setting, rule: string, remedy: string): void => {
    const value = isSecretSetting(key) ? undefined : settings[key];
    const isFromEnvironment = configured[key] === undefined && settings[key] !== undefined;
    const name = isFromEnvironment ? SOURCES[key] : `azure-native:${key}`;
    faults.add({ key: name, value, rule, remedy });
  };
  for (const key of needs(identity)) {
    if (settings[key] !== undefined) continue;
    refuse(key, `must be set to sign in with ${wayOf(identity)}`, `set it: ${howToSet(key)}`);
  }
  for (const key of FLAGS) {
    if (![undefined, "true", "false"].includes(settings[key])) {
      refuse(key, "must be true or false", 'write "true", or leave it out');
    }
  }
  if (signIn.kind === "oidc" && signIn.token === undefined) {
    refuse(
      "oidcToken",
      "must be set with useOidc, unless there is another source of the pipeline's token",
      "set one: oidcToken (ARM_OIDC_TOKEN), oidcTokenFilePath (ARM_OIDC_TOKEN_FILE_PATH), or oidcRequestUrl and " +
        "oidcRequestToken, which GitHub sets for jobs with the permission `id-token: write`",
    );
  }
  if (signIn.kind === "certificate") checkCertificate(identity, refuse);
  if (signIn.kind === "azureCli" && configured.clientId !== undefined) {
    refuse(
      "clientId",
      "must come with what it signs in with; azure-native would take the Azure CLI's account",
      "set azure-native:clientSecret (with --secret), clientCertificatePath, useOidc or useMsi, or remove it",
    );
  }
  if (/gov|china/i.test(settings.environment ?? "")) {
    refuse("environment", "must be public: other clouds are not supported", "remove it");
  }
}

function checkCertificate(
  { settings }: Identity,
  refuse: (key: Setting, rule: string, remedy: string) => void,
): void {
  const file = settings.clientCertificatePath ?? "";
  const remedy = "`openssl pkcs12 -in cert.pfx -out cert.pem -nodes` makes one of a PFX file";
  if (!isFile(file)) {
    refuse("clientCertificatePath", "must name a file", "give the path of the PEM file");
  } else if (!isPem(file)) {
    refuse("clientCertificatePath", "must name a PEM file with certificate and key", remedy);
  }
  if (settings.clientCertificatePassword !== undefined) {
    refuse(
      "clientCertificatePassword",
      "must not be set: a PEM file has its key in clear, which is what all parts can read",
      `remove it; ${remedy}`,
    );
  }
}

function isPem(file: string): boolean {
  const content = fs.readFileSync(file, "latin1");
  return [/-BEGIN CERTIFICATE-/, /-BEGIN (RSA |EC )?PRIVATE KEY-/].every((part) =>
    part.test(content),
  );
}
