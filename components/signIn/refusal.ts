import * as pulumi from "@pulumi/pulumi";
import { SECRET_SETTINGS, SOURCES, type Setting } from "../../dataplane/signIn/settings";
import { ConfigSecrets } from "../config/secrets";
import { wayOf } from "./check";
import type { Identity } from "./identity";
import { readable } from "./readable";

/** Where a setting stands, for a user to change it there. */
function placeOf(key: Setting, { configured }: Identity): string {
  return configured[key] === undefined ? SOURCES[key] : `azure-native:${key}`;
}

function set(key: Setting, identity: Identity): string {
  const place = placeOf(key, identity);
  if (place === SOURCES[key]) return `set ${place}`;
  const secret = SECRET_SETTINGS.includes(key) ? "--secret " : "";
  return `\`pulumi config set ${secret}${place} <value>\``;
}

const UNREACHABLE =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|no such host|dial tcp|i\/o timeout|cannot be reached|fetch failed/i;

const MAKE_SECRET = (identity: Identity) =>
  `make one with \`az ad app credential reset --id ${identity.settings.clientId} --append\` and ${set("clientSecret", identity)}`;

/** What to do about an error of Entra, by its code. */
const REMEDIES: readonly (readonly [RegExp, (identity: Identity) => string])[] = [
  [UNREACHABLE, () => "check the network and the proxy of this machine, and run again"],
  [/AADSTS7000222/, (identity) => `the client secret has expired: ${MAKE_SECRET(identity)}`],
  [
    /AADSTS7000215/,
    (identity) =>
      `give the secret's value, not its id: ${set("clientSecret", identity)}; if it is lost, ${MAKE_SECRET(identity)}`,
  ],
  [
    /AADSTS700016/,
    (identity) =>
      `the tenant has no such application: check ${placeOf("clientId", identity)} and ${placeOf("tenantId", identity)}`,
  ],
  [
    /AADSTS(90002|900023|900021)/,
    (identity) =>
      `check ${placeOf("tenantId", identity)}; \`az account show --query tenantId\` shows yours`,
  ],
  [
    /AADSTS(70021|700211|700212|700213)\b/,
    () =>
      "give the application a federated credential with this issuer, subject and audience: `az ad app federated-credential create`",
  ],
  [
    /AADSTS700024/,
    () => "the pipeline's token has expired: run the job again, or read it from a file",
  ],
  [
    /AADSTS700027/,
    () => "register the certificate with the application: `az ad app credential reset --cert`",
  ],
  [/subscription/i, subscriptionRemedy],
];

function subscriptionRemedy(identity: Identity): string {
  return identity.signIn.kind === "azureCli"
    ? "run `az login`, and choose a subscription of `az account list` with `az account set --subscription <id>` or azure-native:subscriptionId"
    : `check ${placeOf("subscriptionId", identity)}`;
}

/** What to do where Entra's words say nothing that we know. */
function usualRemedy({ signIn, settings }: Identity): string {
  switch (signIn.kind) {
    case "azureCli": {
      const tenant = settings.tenantId === undefined ? "" : ` --tenant ${settings.tenantId}`;
      const halfSet = settings.clientId !== undefined && "; ARM_CLIENT_ID alone signs nobody in";
      return `run \`az login${tenant}\` (without Azure CLI: set ARM_CLIENT_ID, ARM_TENANT_ID, ARM_SUBSCRIPTION_ID and ARM_CLIENT_SECRET)${halfSet || ""}`;
    }
    case "managedIdentity":
      return "run on a machine of Azure with this identity, or remove useMsi and ARM_USE_MSI";
    case "oidc":
      return "check the pipeline's permission to ask for a token (`id-token: write` in GitHub), clientId and tenantId";
    case "certificate":
      return "check clientCertificatePath, clientId and tenantId";
    case "secret":
      return "check clientId, clientSecret and tenantId";
    case "default":
      return "see https://aka.ms/azsdk/go/identity/troubleshoot";
  }
}

/** Why the run ends before the first resource: Azure does not let the deployer in. */
export function signInRefusal(error: unknown, identity: Identity): pulumi.RunError {
  const secret = Object.fromEntries(
    SECRET_SETTINGS.map((key) => [key, identity.settings[key] ?? ""]),
  );
  const secrets = ConfigSecrets.of(secret, {});
  const message = secrets.hideText(error instanceof Error ? error.message : String(error));
  const known = REMEDIES.find(([words]) => words.test(message));
  const remedy = known?.[1](identity) ?? usualRemedy(identity);
  return new pulumi.RunError(
    `cannot sign in to Azure with ${wayOf(identity)}: ${readable(message)}; nothing was created or changed.\n-> ${remedy}`,
  );
}
