import { createHash } from "node:crypto";
import { asObject, stringOf } from "../../json";
import { isWithin } from "../arm/resourceId";
import type { Resource, Store } from "../arm/store";
import type { FaultInjection } from "../faults/faultInjection";
import type { AzureSettings } from "../settings";
import { grants, roleById, roleByName } from "./roles";
import type { RoleDefinition } from "./roles";

/** A holder of tokens: a service principal or a managed identity. */
export interface Principal {
  readonly objectId: string;
  /** Empty for a system-assigned identity, for which nobody can ask for a token. */
  readonly clientId: string;
}

/** A role that a principal holds over a scope. */
export interface Grant {
  readonly id: string;
  readonly principalId: string;
  readonly scope: string;
  readonly role: RoleDefinition;
  /** In milliseconds since 1970. */
  readonly createdAt: number;
}

function isGranted(
  { principalId, scope: granted, role }: Grant,
  objectId: string,
  action: string,
  scope: string,
  isData: boolean,
): boolean {
  return principalId === objectId && isWithin(scope, granted) && grants(role, action, isData);
}

/** Principals and their roles: the configured ones and those that ARM created. */
export class Directory {
  constructor(
    private readonly settings: AzureSettings,
    private readonly resources: Store<Resource>,
    private readonly faults: Pick<FaultInjection, "roleDelay">,
  ) {}

  byObjectId(objectId: string): Principal | undefined {
    return this.principals().find((principal) => principal.objectId === objectId);
  }

  /** The principal whose client id and secret these are. */
  authenticate(clientId: string, clientSecret: string): Principal | undefined {
    const found = this.settings.principals.find((entry) => entry.clientId === clientId);
    if (!found || found.clientSecret !== clientSecret) return undefined;
    return { objectId: found.objectId, clientId };
  }

  /** User-assigned identity by client id, for the instance metadata service. */
  managedIdentity(clientId: string): Principal | undefined {
    return this.userAssigned().find((principal) => principal.clientId === clientId);
  }

  isAllowed(objectId: string, action: string, scope: string, isData = false): boolean {
    return this.grants().some((grant) => isGranted(grant, objectId, action, scope, isData));
  }

  /**
   * Whether a data plane lets a principal do something: it learns of an assigned role later than Resource
   * Manager.
   */
  isEffective(objectId: string, action: string, scope: string, isData = false): boolean {
    const latest = Date.now() - this.faults.roleDelay * 1000;
    return this.grants().some(
      (grant) => grant.createdAt <= latest && isGranted(grant, objectId, action, scope, isData),
    );
  }

  /** Role assignments of the settings and of ARM. */
  grants(): Grant[] {
    return [...this.initialGrants(), ...this.assignedGrants()];
  }

  private initialGrants(): Grant[] {
    return this.settings.principals.flatMap((principal) =>
      principal.roles.map(({ role, scope }) => {
        const definition = roleByName(role);
        if (!definition) throw new Error(`principal ${principal.name} has unknown role "${role}"`);
        const name = stableGuid(`${principal.objectId} ${definition.id} ${scope}`);
        const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`;
        return { id, principalId: principal.objectId, scope, role: definition, createdAt: 0 };
      }),
    );
  }

  private assignedGrants(): Grant[] {
    return this.resources.all().flatMap(({ body }) => {
      if (body.type.toLowerCase() !== "microsoft.authorization/roleassignments") return [];
      const { principalId, scope, roleDefinitionId, createdOn } = body.properties;
      const role = roleById(stringOf(roleDefinitionId));
      if (!role) return [];
      const createdAt = Date.parse(stringOf(createdOn));
      return [
        {
          id: body.id,
          principalId: stringOf(principalId),
          scope: stringOf(scope),
          role,
          createdAt,
        },
      ];
    });
  }

  private principals(): Principal[] {
    const configured = this.settings.principals.map(({ objectId, clientId }) => ({
      objectId,
      clientId,
    }));
    return [...configured, ...this.userAssigned(), ...this.systemAssigned()];
  }

  private userAssigned(): Principal[] {
    return this.resources.all().flatMap(({ body }) => {
      if (body.type.toLowerCase() !== "microsoft.managedidentity/userassignedidentities") return [];
      const { principalId, clientId } = body.properties;
      return [{ objectId: stringOf(principalId), clientId: stringOf(clientId) }];
    });
  }

  private systemAssigned(): Principal[] {
    return this.resources.all().flatMap(({ body }) => {
      const objectId = asObject(body.identity)?.principalId;
      return typeof objectId === "string" ? [{ objectId, clientId: "" }] : [];
    });
  }
}

/** A GUID that is always the same for the same string. */
function stableGuid(text: string): string {
  const hex = createHash("sha256").update(text).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
