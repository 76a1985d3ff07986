/**
 * What azure-native signs in with: each key of its configuration, and the environment variable that
 * stands in for a key that is not there.
 *
 * @see https://www.pulumi.com/registry/packages/azure-native/installation-configuration/
 */
export const SOURCES = {
  useDefaultAzureCredential: "ARM_USE_DEFAULT_AZURE_CREDENTIAL",
  clientCertificatePath: "ARM_CLIENT_CERTIFICATE_PATH",
  clientCertificatePassword: "ARM_CLIENT_CERTIFICATE_PASSWORD",
  clientSecret: "ARM_CLIENT_SECRET",
  useOidc: "ARM_USE_OIDC",
  oidcToken: "ARM_OIDC_TOKEN",
  oidcTokenFilePath: "ARM_OIDC_TOKEN_FILE_PATH",
  oidcRequestToken: "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  oidcRequestUrl: "ACTIONS_ID_TOKEN_REQUEST_URL",
  oidcAudience: "ARM_OIDC_AUDIENCE",
  useMsi: "ARM_USE_MSI",
  clientId: "ARM_CLIENT_ID",
  tenantId: "ARM_TENANT_ID",
  subscriptionId: "ARM_SUBSCRIPTION_ID",
  auxiliaryTenantIds: "ARM_AUXILIARY_TENANT_IDS",
  environment: "ARM_ENVIRONMENT",
  metadataHost: "ARM_METADATA_HOSTNAME",
  disableInstanceDiscovery: "ARM_DISABLE_INSTANCE_DISCOVERY",
} as const;

/** Key of a setting, as `azure-native:KEY` has it. */
export type Setting = keyof typeof SOURCES;

/** Settings by key; those that are not set are absent. */
export type Settings = Readonly<Partial<Record<Setting, string>>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that nobody may see. */
export const SECRET_SETTINGS: readonly Setting[] = [
  "clientCertificatePassword",
  "clientSecret",
  "oidcToken",
  "oidcRequestToken",
];

const KEYS = Object.keys(SOURCES) as readonly Setting[];

/** Of values by key, those that are settings. */
export function settingsIn(values: Readonly<Record<string, unknown>>): Settings {
  const found = KEYS.map((key) => [key, values[key]] as const);
  return Object.fromEntries(found.filter(([, value]) => typeof value === "string"));
}

/**
 * The settings that count, as azure-native finds them: what the configuration has, be it empty, and
 * the environment for the rest.
 */
export function resolved(configured: Settings, env: Environment): Settings {
  const values = KEYS.map((key) => [key, configured[key] ?? env[SOURCES[key]]] as const);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined && value !== ""));
}
