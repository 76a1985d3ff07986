import { createHash } from "node:crypto";

/** Lower-case letters and digits of a name: all that storage accounts and registries allow. */
function alphanumeric(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** Physical names of a workspace and what belongs to it. */
export interface WorkspaceNames {
  readonly resourceGroup: string;
  readonly workspace: string;
  /** 3 to 24 lower-case letters and digits, unique in all of Azure. */
  readonly storageAccount: string;
  /** 3 to 24 characters, unique in all of Azure. */
  readonly keyVault: string;
  /** 5 to 50 letters and digits, unique in all of Azure. */
  readonly registry: string;
  readonly logAnalytics: string;
  readonly applicationInsights: string;
}

/**
 * Names with a random suffix: some must be unique in all of Azure, and the names of deleted
 * workspaces (14 days) and key vaults (90 days) cannot be used again.
 *
 * @param name at most 14 characters, see `WORKSPACE_NAME`.
 * @param suffix 8 lower-case letters and digits.
 */
export function workspaceNames(name: string, suffix: string): WorkspaceNames {
  const plain = alphanumeric(name);
  return {
    resourceGroup: `rg-${name}-${suffix}`,
    workspace: `mlw-${name}-${suffix}`,
    storageAccount: `st${plain}${suffix}`,
    keyVault: `kv${plain}${suffix}`,
    registry: `cr${plain}${suffix}`,
    logAnalytics: `log-${name}-${suffix}`,
    applicationInsights: `appi-${name}-${suffix}`,
  };
}

/**
 * A GUID that its parts decide, so that a role assignment that an interrupted run left is met
 * again under its name instead of being refused as a double.
 */
export function deterministicGuid(...parts: readonly string[]): string {
  const bytes = createHash("sha256")
    .update(parts.join("\0").toLowerCase())
    .digest()
    .subarray(0, 16);
  // Version 8 and variant 1 of RFC 9562: a GUID made by a rule of one's own.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  const cut = (from: number, to: number) => hex.slice(from, to);
  return [cut(0, 8), cut(8, 12), cut(12, 16), cut(16, 20), cut(20, 32)].join("-");
}
