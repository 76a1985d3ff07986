import * as specs from "../../../../components/specs/workspace";

describe("what a workspace consists of", () => {
  it("is a vault with roles whose content can be recovered and not purged", () => {
    expect(specs.vault("tenant")).toEqual({
      tenantId: "tenant",
      sku: { family: "A", name: "standard" },
      enableRbacAuthorization: true,
      enableSoftDelete: true,
      enablePurgeProtection: true,
      softDeleteRetentionInDays: 90,
    });
  });

  it("is storage without keys, anonymous access or plain HTTP", () => {
    expect(specs.STORAGE_ACCOUNT).toEqual({
      kind: "StorageV2",
      sku: { name: "Standard_ZRS" },
      allowSharedKeyAccess: false,
      allowBlobPublicAccess: false,
      allowCrossTenantReplication: false,
      enableHttpsTrafficOnly: true,
      minimumTlsVersion: "TLS1_2",
    });
  });

  it("is a registry without admin user or anonymous pull", () => {
    expect(specs.REGISTRY).toEqual({
      sku: { name: "Standard" },
      adminUserEnabled: false,
      anonymousPullEnabled: false,
    });
  });

  it("is a workspace with an identity of its own and no key to its datastores", () => {
    expect(specs.WORKSPACE).toEqual({
      kind: "Default",
      sku: { name: "Basic" },
      identity: { type: "SystemAssigned" },
      systemDatastoresAuthMode: "Identity",
      publicNetworkAccess: "Enabled",
      v1LegacyMode: false,
    });
  });

  it("has a suffix that storage accounts and registries allow in their names", () => {
    expect(specs.SUFFIX).toEqual({ length: 8, special: false, upper: false });
  });
});
