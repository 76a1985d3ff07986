/** A built-in role: wildcard patterns over control-plane actions and over data actions. */
export interface RoleDefinition {
  readonly id: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly notActions: readonly string[];
  readonly dataActions: readonly string[];
}

function role(
  name: string,
  id: string,
  actions: readonly string[],
  rest: Partial<Pick<RoleDefinition, "notActions" | "dataActions">> = {},
): RoleDefinition {
  return { id, name, actions, notActions: [], dataActions: [], ...rest };
}

const BLOBS = "Microsoft.Storage/storageAccounts/blobServices/containers";
const REGISTRY = "Microsoft.ContainerRegistry/registries";
const CLUSTER = "Microsoft.ContainerService/managedClusters";
const IDENTITY = "Microsoft.ManagedIdentity/userAssignedIdentities";

/**
 * Built-in roles under their real ids: those that the program grants, those of the principals that exist
 * from the start, and those whose absence the tests of the emulated services prove.
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
const ROLE_DEFINITIONS: readonly RoleDefinition[] = [
  role("Owner", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", ["*"]),
  role("Contributor", "b24988ac-6180-42a0-ab88-20f7382dd24c", ["*"], {
    notActions: [
      "Microsoft.Authorization/*/Delete",
      "Microsoft.Authorization/*/Write",
      "Microsoft.Authorization/elevateAccess/Action",
    ],
  }),
  role("Reader", "acdd72a7-3385-48ef-bd42-f606fba81ae7", ["*/read"]),
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
  role("Container Registry Tasks Contributor", "fb382eab-e894-4461-af04-94435c366c3f", [
    `${REGISTRY}/read`,
    `${REGISTRY}/listBuildSourceUploadUrl/action`,
    `${REGISTRY}/scheduleRun/action`,
    `${REGISTRY}/runs/*`,
  ]),
  role(
    "Azure Kubernetes Service RBAC Cluster Admin",
    "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
    [`${CLUSTER}/listClusterUserCredential/action`],
    { dataActions: [`${CLUSTER}/*`] },
  ),
  role("Managed Identity Operator", "f1a07417-d97a-45cb-824c-7a7467783830", [
    `${IDENTITY}/*/read`,
    `${IDENTITY}/read`,
    `${IDENTITY}/*/assign/action`,
    `${IDENTITY}/assign/action`,
  ]),
];

const byId = new Map(ROLE_DEFINITIONS.map((definition) => [definition.id, definition]));

/** Finds a role by the last segment of a role definition id. */
export function roleById(roleDefinitionId: string): RoleDefinition | undefined {
  return byId.get(roleDefinitionId.split("/").pop()?.toLowerCase() ?? "");
}

/** Finds a role by its display name. */
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
    ? matches(definition.dataActions, action)
    : matches(definition.actions, action) && !matches(definition.notActions, action);
}
