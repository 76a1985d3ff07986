import type { ServiceConfig } from "./config";
import type { SecretValues } from "./versionedSecret";

/** The settings of a service that nobody may see; undefined where there are none. */
export function secretSettings({
  settings,
  secretSettings: names,
}: ServiceConfig): SecretValues | undefined {
  if (names.length === 0) return undefined;
  return Object.fromEntries(names.map((name) => [name, settings[name] ?? ""]));
}
