import * as keyvault from "@pulumi/azure-native/types/enums/keyvault";
import type * as inputs from "@pulumi/azure-native/types/input";

/** Random part of names that must be unique in all of Azure, see `workspaceNames`. */
export const SUFFIX = { length: 8, special: false, upper: false };

/** Identity of a stack in what it shares with others. */
export const STACK_ID = { length: 16, special: false, upper: false };

/** Redundancy of the storage. Premium accounts are none for a workspace's default datastore. */
export const STORAGE_SKUS = [
  "Standard_LRS",
  "Standard_ZRS",
  "Standard_GRS",
  "Standard_RAGRS",
  "Standard_GZRS",
  "Standard_RAGZRS",
] as const;

/**
 * Storage of the workspace: Entra identities only, TLS 1.2, nothing anonymous.
 *
 * @see https://learn.microsoft.com/azure/well-architected/service-guides/azure-blob-storage
 */
export const STORAGE_ACCOUNT = {
  kind: "StorageV2",
  allowSharedKeyAccess: false,
  allowBlobPublicAccess: false,
  allowCrossTenantReplication: false,
  enableHttpsTrafficOnly: true,
  minimumTlsVersion: "TLS1_2",
};

/** Longest retention of deleted vaults and secrets, in days; also the default of Azure. */
const SOFT_DELETE_DAYS = 90;

/** Vault of the workspace: roles instead of access policies; deleted content can be recovered. */
export function vault(tenantId: string): inputs.keyvault.VaultPropertiesArgs {
  return {
    tenantId,
    sku: { family: keyvault.SkuFamily.A, name: keyvault.SkuName.Standard },
    enableRbacAuthorization: true,
    enableSoftDelete: true,
    enablePurgeProtection: true,
    softDeleteRetentionInDays: SOFT_DELETE_DAYS,
  };
}

export const LOG_ANALYTICS = {
  sku: { name: "PerGB2018" },
  retentionInDays: 30,
};

export const APPLICATION_INSIGHTS = {
  kind: "web",
  applicationType: "web",
};

/** Registry of the scoring images: no admin user, no anonymous pull. */
export const REGISTRY = {
  sku: { name: "Standard" },
  adminUserEnabled: false,
  anonymousPullEnabled: false,
};

/**
 * The workspace itself, with an identity of its own and datastores that use identities instead of
 * keys. It stays reachable from outside: models are uploaded from where Pulumi runs.
 */
export const WORKSPACE = {
  kind: "Default",
  sku: { name: "Basic" },
  identity: { type: "SystemAssigned" },
  systemDatastoresAuthMode: "Identity",
  publicNetworkAccess: "Enabled",
  v1LegacyMode: false,
};
