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
