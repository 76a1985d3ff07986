import { spawnSync } from "node:child_process";
import { revealMap } from "../protocol";
import type { PropertyMap } from "../protocol";

/** What the plugin needs to find and enter the cloud. */
export interface Settings {
  /** `host:port` of the cloud's metadata document. */
  readonly metadataHost: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Default location of new resources. */
  readonly location: string | undefined;
}

/** Configuration key and the environment variable that stands in for it, as in the real plugin. */
const SOURCES = {
  metadataHost: "ARM_METADATA_HOSTNAME",
  tenantId: "ARM_TENANT_ID",
  subscriptionId: "ARM_SUBSCRIPTION_ID",
  clientId: "ARM_CLIENT_ID",
  clientSecret: "ARM_CLIENT_SECRET",
} as const;

/** Ways to sign in that only make sense against Azure itself. */
const UNSUPPORTED = ["useMsi", "useOidc", "useDefaultAzureCredential", "clientCertificatePath"];

const IGNORED = ["environment", "disableInstanceDiscovery", "disablePulumiPartnerId", "partnerId"];

/**
 * Settings from the provider's arguments, the environment second.
 * @throws naming every setting that is missing or not supported
 */
export function readSettings(
  args: PropertyMap,
  env: Readonly<Record<string, string | undefined>> = process.env,
): Settings {
  const given = revealMap(args);
  const text = (key: string) => (typeof given[key] === "string" ? given[key] : undefined);
  const known = [...Object.keys(SOURCES), ...IGNORED, ...UNSUPPORTED, "location", "version"];
  const isSet = (key: string) => ![undefined, "", "false", "[]", "null"].includes(text(key));
  const foreign = Object.keys(given).filter(
    (key) => UNSUPPORTED.includes(key) || !known.includes(key),
  );
  const refused = foreign.filter(isSet);
  if (refused.length > 0) {
    throw new Error(`the azure-native stand-in does not support ${refused.join(", ")}`);
  }
  const found = Object.entries(SOURCES).map(([key, variable]) => [key, text(key) ?? env[variable]]);
  const missing = found.flatMap(([key, value]) => (value ? [] : [key ?? ""]));
  if (missing.includes("clientSecret")) throw cliError(env);
  if (missing.length > 0) throw new Error(missingMessage(missing));
  return { ...(Object.fromEntries(found) as unknown as Settings), location: text("location") };
}

/** Without a secret the real plugin asks the Azure CLI, whose failure is its own. */
function cliError(env: Readonly<Record<string, string | undefined>>): Error {
  const { error, status, stderr } = spawnSync("az", ["account", "show", "-o", "json"], {
    env,
    encoding: "utf8",
  });
  if (error) return new Error('exec: "az": executable file not found in $PATH');
  if (status !== 0) return new Error(stderr);
  return new Error("the azure-native stand-in does not support signing in with the Azure CLI");
}

function missingMessage(missing: readonly string[]): string {
  const names = missing.map(
    (key) => `azure-native:${key} (or ${SOURCES[key as keyof typeof SOURCES]})`,
  );
  return `the azure-native stand-in talks to the sandbox only and needs ${names.join(", ")}`;
}
