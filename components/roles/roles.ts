import {
  RoleAssignment,
  type RoleAssignmentArgs,
} from "@pulumi/azure-native/authorization/roleAssignment";
import * as pulumi from "@pulumi/pulumi";
import { deterministicGuid } from "./guid";

/**
 * Built-in roles by name.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
const ROLE_DEFINITIONS = {
  AcrDelete: "c2f4ef07-c644-48eb-af81-4b1b4947fb11",
  AcrPull: "7f951dda-4ed3-4680-a7ca-43fe172d538d",
  AcrPush: "8311e382-0749-4cb8-b61a-304f252e45ec",
  "Azure Kubernetes Service RBAC Cluster Admin": "b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b",
  "Managed Identity Operator": "f1a07417-d97a-45cb-824c-7a7467783830",
  "Storage Blob Data Contributor": "ba92f5b4-2d11-453d-a403-e96b0029c9fe",
} as const;

export type RoleName = keyof typeof ROLE_DEFINITIONS;

/** Who gets which role where. */
export interface RoleGrant {
  readonly role: RoleName;
  /** ARM id of the resource that the role is for. */
  readonly scope: pulumi.Input<string>;
  /** Object id of the identity in Entra. */
  readonly principalId: pulumi.Input<string>;
  /**
   * `ServicePrincipal` for managed identities, which are found only with it while they are new;
   * undefined for the deployer, who may be a user, a group or a service principal.
   */
  readonly principalType?: "ServicePrincipal";
  readonly subscriptionId: string;
}

/** Assigns a role; the assignment's name is a function of role, scope and principal. */
export function grantRole(
  name: string,
  grant: RoleGrant,
  opts: pulumi.CustomResourceOptions,
): RoleAssignment {
  const definition = ROLE_DEFINITIONS[grant.role];
  const args: RoleAssignmentArgs = {
    roleAssignmentName: pulumi
      .all([grant.scope, grant.principalId])
      .apply(([scope, principalId]) => deterministicGuid(scope, principalId, definition)),
    scope: grant.scope,
    principalId: grant.principalId,
    roleDefinitionId: `/subscriptions/${grant.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${definition}`,
  };
  const { principalType } = grant;
  return principalType
    ? new RoleAssignment(name, { ...args, principalType }, opts)
    : new RoleAssignment(name, args, { ...opts, transformations: [withoutType] });
}

/**
 * The SDK fills in `User` where no type is given, and Azure refuses that for a service principal;
 * without one Azure looks the identity up.
 */
function withoutType({ props, opts }: pulumi.ResourceTransformationArgs) {
  return { props: { ...props, principalType: undefined } as pulumi.Inputs, opts };
}
