import * as pulumi from "@pulumi/pulumi";
import {
  resolved,
  SECRET_SETTINGS,
  settingsIn,
  type Environment,
  type Setting,
  type Settings,
} from "../../dataplane/signIn/settings";
import { chooseSignIn, type SignIn } from "../../dataplane/signIn/signIn";

/** Who signs in to Azure, for all parts: azure-native finds the same by itself. */
export interface Identity {
  readonly signIn: SignIn;
  /** Settings that stand in the stack's configuration. */
  readonly configured: Settings;
  /** Those and the ones of the environment. */
  readonly settings: Settings;
}

/** The identity that settings of azure-native mean. */
export function identityOf(configured: Settings, env: Environment): Identity {
  const settings = resolved(configured, env);
  return { signIn: chooseSignIn(settings), configured, settings };
}

const PREFIX = "azure-native:";

/** The identity of this run. */
export function runsAs(): Identity {
  const values = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, value]) => [key.slice(PREFIX.length), value]);
  return identityOf(settingsIn(Object.fromEntries(values) as Settings), process.env);
}

/** Settings that say who signs in, beside those that say where. */
const WHO: readonly Setting[] = [
  "useDefaultAzureCredential",
  "clientCertificatePath",
  "clientCertificatePassword",
  "clientSecret",
  "useOidc",
  "oidcToken",
  "oidcTokenFilePath",
  "oidcRequestToken",
  "oidcRequestUrl",
  "oidcAudience",
  "useMsi",
  "clientId",
  "tenantId",
  "auxiliaryTenantIds",
];

/**
 * What other processes have to be told. The environment they have themselves; the subscription only
 * chooses among accounts of the Azure CLI.
 */
export function toldSettings({ configured, signIn }: Identity): Settings {
  const keys = signIn.kind === "azureCli" ? [...WHO, "subscriptionId" as const] : WHO;
  const told = keys.flatMap((key) => {
    const value = configured[key];
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(told);
}

/** Whether nobody may see a setting. */
export function isSecretSetting(key: string): boolean {
  return SECRET_SETTINGS.includes(key as Setting);
}
