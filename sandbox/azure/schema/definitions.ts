/**
 * The ARM resource types that the sandbox knows, each with the facts that the SDK's type
 * declarations do not carry: its path, where a property sits in the request body, what is fixed at
 * creation. Emulator and plugin stand-in read the same table, so neither can accept what the other
 * refuses.
 */
export interface ResourceDefinition {
  /** Pulumi type token. */
  readonly token: string;
  /** ARM type, for example `Microsoft.Storage/storageAccounts`. */
  readonly type: string;
  /** Path template; each `{parameter}` is also an SDK input, `{subscriptionId}` excepted. */
  readonly path: string;
  readonly apiVersion: string;
  /** Further versions in which a resource may be read, with the same answer. */
  readonly readVersions: readonly string[];
  /** Body members beside `properties`, as spelled by the SDK. */
  readonly envelope: readonly string[];
  /** SDK spelling to wire spelling, for flattened properties whose names differ. */
  readonly renames: Readonly<Record<string, string>>;
  /** SDK paths of body properties that Azure cannot change afterwards. */
  readonly createOnly: readonly string[];
  /** How the real plugin names a resource whose name is left out. */
  readonly autoName: "random" | "copy" | "uuid";
  /** Whether the SDK lifts the members of `properties` to the top. */
  readonly flattened: boolean;
}

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
const ENVELOPE = ["location", "tags", "sku", "kind", "identity", "extendedLocation", "managedBy"];

function define(
  token: string,
  path: string,
  apiVersion: string,
  details: Partial<Omit<ResourceDefinition, "token" | "path" | "apiVersion">> = {},
): ResourceDefinition {
  return {
    token: `azure-native:${token}`,
    path,
    apiVersion,
    type: typeOfPath(path),
    envelope: ENVELOPE,
    readVersions: [],
    renames: {},
    createOnly: ["location"],
    autoName: "random",
    flattened: true,
    ...details,
  };
}

function typeOfPath(path: string): string {
  const [namespace, ...rest] = (path.split("/providers/").pop() ?? "").split("/");
  return [namespace, ...rest.filter((_segment, index) => index % 2 === 0)].join("/");
}

const machineLearning = `${group}/providers/Microsoft.MachineLearningServices/workspaces/{workspaceName}`;

/** The types of the sandbox. */
export const DEFINITIONS: readonly ResourceDefinition[] = [
  define("resources:ResourceGroup", group, "2024-03-01", {
    type: "Microsoft.Resources/resourceGroups",
  }),
  define(
    "storage:StorageAccount",
    `${group}/providers/Microsoft.Storage/storageAccounts/{accountName}`,
    "2024-01-01",
    {
      renames: {
        enableHttpsTrafficOnly: "supportsHttpsTrafficOnly",
        networkRuleSet: "networkAcls",
      },
      createOnly: ["location", "isHnsEnabled", "enableNfsV3", "dnsEndpointType"],
    },
  ),
  define(
    "storage:BlobContainer",
    `${group}/providers/Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/{containerName}`,
    "2024-01-01",
    { createOnly: [], autoName: "copy" },
  ),
  define(
    "keyvault:Vault",
    `${group}/providers/Microsoft.KeyVault/vaults/{vaultName}`,
    "2024-11-01",
    { flattened: false },
  ),
  define(
    "operationalinsights:Workspace",
    `${group}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    "2023-09-01",
    { envelope: ["location", "tags", "identity", "etag"] },
  ),
  define(
    "applicationinsights:Component",
    `${group}/providers/Microsoft.Insights/components/{resourceName}`,
    "2020-02-02",
    {
      envelope: ["location", "tags", "kind", "etag"],
      renames: {
        applicationId: "ApplicationId",
        applicationType: "Application_Type",
        flowType: "Flow_Type",
        requestSource: "Request_Source",
        retentionInDays: "RetentionInDays",
        ingestionMode: "IngestionMode",
        disableIpMasking: "DisableIpMasking",
        disableLocalAuth: "DisableLocalAuth",
        forceCustomerStorageForProfiler: "ForceCustomerStorageForProfiler",
        hockeyAppId: "HockeyAppId",
        hockeyAppToken: "HockeyAppToken",
        samplingPercentage: "SamplingPercentage",
        workspaceResourceId: "WorkspaceResourceId",
        immediatePurgeDataOn30Days: "ImmediatePurgeDataOn30Days",
        appId: "AppId",
        connectionString: "ConnectionString",
        creationDate: "CreationDate",
        instrumentationKey: "InstrumentationKey",
        laMigrationDate: "LaMigrationDate",
        tenantId: "TenantId",
      },
    },
  ),
  define(
    "containerregistry:Registry",
    `${group}/providers/Microsoft.ContainerRegistry/registries/{registryName}`,
    "2023-01-01-preview",
    // The first stable one that tells which roles the registry takes.
    { readVersions: ["2025-11-01"] },
  ),
  define(
    "managedidentity:UserAssignedIdentity",
    `${group}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`,
    "2023-01-31",
  ),
  define(
    "authorization:RoleAssignment",
    "/{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}",
    "2022-04-01",
    {
      envelope: [],
      createOnly: [
        "principalId",
        "principalType",
        "roleDefinitionId",
        "delegatedManagedIdentityResourceId",
      ],
      autoName: "uuid",
    },
  ),
  define("machinelearningservices:Workspace", machineLearning, "2025-12-01"),
  define(
    "machinelearningservices:ModelContainer",
    `${machineLearning}/models/{name}`,
    "2025-12-01",
    { createOnly: [], autoName: "copy", flattened: false },
  ),
  define(
    "machinelearningservices:ModelVersion",
    `${machineLearning}/models/{name}/versions/{version}`,
    "2025-12-01",
    {
      createOnly: ["properties.modelUri", "properties.modelType"],
      autoName: "copy",
      flattened: false,
    },
  ),
  define(
    "machinelearningservices:Datastore",
    `${machineLearning}/datastores/{name}`,
    "2025-12-01",
    { createOnly: [], autoName: "copy", flattened: false },
  ),
  define(
    "containerservice:ManagedCluster",
    `${group}/providers/Microsoft.ContainerService/managedClusters/{resourceName}`,
    "2025-09-01",
    {
      createOnly: [
        "location",
        "dnsPrefix",
        "nodeResourceGroup",
        "fqdnSubdomain",
        "diskEncryptionSetID",
      ],
    },
  ),
];

const byType = new Map(DEFINITIONS.map((entry) => [entry.type.toLowerCase(), entry]));
const byToken = new Map(DEFINITIONS.map((entry) => [entry.token, entry]));

/** The definition of an ARM type, whatever its case. */
export function definitionOfType(type: string): ResourceDefinition | undefined {
  return byType.get(type.toLowerCase());
}

/** The definition of a Pulumi type token. */
export function definitionOfToken(token: string): ResourceDefinition | undefined {
  return byToken.get(token);
}

/** Names of the path's parameters in order, without the subscription. */
export function pathParameters(definition: ResourceDefinition): string[] {
  return [...definition.path.matchAll(/\{(\w+)\}/g)]
    .map((match) => match[1] ?? "")
    .filter((name) => name !== "subscriptionId");
}
