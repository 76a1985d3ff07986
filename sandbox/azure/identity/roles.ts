/** A built-in role: wildcard patterns over control-plane actions and over data actions. */
export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
  readonly notDataActions: readonly string[];
}

function role(
  name: string,
  id: string,
  actions: readonly string[],
  rest: Partial<Pick<RoleDefinition, "notActions" | "dataActions" | "notDataActions">> = {},
): RoleDefinition {
  return { id, name, actions, notActions: [], dataActions: [], notDataActions: [], ...rest };
}

const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers";
const REGISTRY = "Microsoft.ContainerRegistry/registries";
const CLUSTER = "Microsoft.ContainerService/managedClusters";

/** Built-in roles under their real ids, as far as the emulated services consult them. */
export const ROLE_DEFINITIONS: readonly RoleDefinition[] = [
  role("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", ["*"]),
  role("Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c", ["*"], {
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
    ],
  }),
  role("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", ["*/read"]),
  role("User Access Administrator", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9", [
    "*/read",
    "Microsoft.Authorization/*",
  ]),
  role("Role Based Access Control Administrator", "f58310d9-a9f6-439a-9e8d-f62e7b41a168", [
    "Microsoft.Authorization/roleAssignments/write",
    "Microsoft.Authorization/roleAssignments/delete",
    "*/read",
  ]),
  role("Storage Blob Data Owner", "b7e6dc6d-f1e8-4753-8033-0f276bb0955b", [`${BLOBS}/*`], {
    dataActions: [`${BLOBS}/blobs/*`],
  }),
  role(
    "Storage Blob Data Contributor",
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
    [`${BLOBS}/delete`, `${BLOBS}/read`, `${BLOBS}/write`],
    {
      dataActions: [
        `${BLOBS}/blobs/delete`,
        `${BLOBS}/blobs/read`,
        `${BLOBS}/blobs/write`,
        `${BLOBS}/blobs/move/action`,
        `${BLOBS}/blobs/add/action`,
      ],
    },
  ),
  role("Storage Blob Data Reader", "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1", [`${BLOBS}/read`], {
    dataActions: [`${BLOBS}/blobs/read`],
  }),
  role("AcrPull", "7f951dda-4ed3-4680-a7ca-43fe172d538d", [`${REGISTRY}/pull/read`]),
  role("AcrPush", "8311e382-0749-4cb8-b61a-304f252e45ec", [
    `${REGISTRY}/pull/read`,
    `${REGISTRY}/push/write`,
  ]),
  role("AcrDelete", "c2f4ef07-c644-48eb-af81-4b1b4947fb11", [`${REGISTRY}/artifacts/delete`]),
  role(
    "Azure Kubernetes Service RBAC Cluster Admin",
    "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    [`${CLUSTER}/listClusterUserCredential/action`],
    { dataActions: [`${CLUSTER}/*`] },
  ),
  role("Azure Kubernetes Service Cluster User Role", "4abbcc35-e782-43d8-92c5-2d3f1bd2253f", [
    `${CLUSTER}/listClusterUserCredential/action`,
    `${CLUSTER}/read`,
  ]),
  role("Azure Kubernetes Service Cluster Admin Role", "0ab0b1a8-8aac-4efd-b8c2-3ee1fb270be8", [
    `${CLUSTER}/listClusterAdminCredential/action`,
    `${CLUSTER}/accessProfiles/listCredential/action`,
    `${CLUSTER}/read`,
    `${CLUSTER}/runcommand/action`,
  ]),
  role("Managed Identity Operator", "f1a07417-d97a-45cb-824c-7a7467783830", [
    "Microsoft.ManagedIdentity/userAssignedIdentities/*/read",
    "Microsoft.ManagedIdentity/userAssignedIdentities/read",
    "Microsoft.ManagedIdentity/userAssignedIdentities/*/assign/action",
    "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action",
  ]),
  role("Managed Identity Contributor", "e40ec5ca-96e0-45a2-b4ff-59039f2c2b59", [
    "Microsoft.ManagedIdentity/userAssignedIdentities/*",
  ]),
  role(
    "AzureML Data Scientist",
    "f6c7c914-8db3-469d-8ca1-694a8f32e121",
    [
      "Microsoft.MachineLearningServices/workspaces/*/read",
      "Microsoft.MachineLearningServices/workspaces/*/action",
      "Microsoft.MachineLearningServices/workspaces/*/delete",
      "Microsoft.MachineLearningServices/workspaces/*/write",
    ],
    {
      notActions: [
        "Microsoft.MachineLearningServices/workspaces/delete",
        "Microsoft.MachineLearningServices/workspaces/write",
      ],
    },
  ),
  role("Key Vault Administrator", "00482a5a-887f-4fb3-b363-3b7fe8e74483", [
    "Microsoft.KeyVault/vaults/read",
    "Microsoft.KeyVault/locations/*/read",
  ]),
  role("Key Vault Secrets User", "4633458b-17de-408a-b874-0445c86b69e6", []),
  role("Monitoring Metrics Publisher", "3913510d-42f4-4e42-8a64-420c390055eb", [
    "Microsoft.Insights/Register/Action",
  ]),
];

const byId = new Map(ROLE_DEFINITIONS.map((definition) => [definition.id, definition]));

/** Finds a role by the last segment of a role definition id. */
export function roleById(roleDefinitionId: string): RoleDefinition | undefined {
  return byId.get(roleDefinitionId.split("/").pop()?.toLowerCase() ?? "");
}

export function roleByName(name: string): RoleDefinition | undefined {
  return ROLE_DEFINITIONS.find((definition) => definition.name === name);
}

function matches(patterns: readonly string[], action: string): boolean {
  return patterns.some((pattern) => {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*");
    return new RegExp(`^${escaped}$`, "i").test(action);
  });
}

/** Whether a role grants an action; control-plane and data actions never imply each other. */
export function grants(definition: RoleDefinition, action: string, isData: boolean): boolean {
  return isData
    ? matches(definition.dataActions, action) && !matches(definition.notDataActions, action)
    : matches(definition.actions, action) && !matches(definition.notActions, action);
}
