import { stringOf, type JsonObject } from "../../json";
import { badRequest, conflict, notFound } from "../arm/errors";
import type { ExtraRoute, PutRequest, ResourceHandler, Services } from "../arm/handler";
import { isWithin, sameId } from "../arm/resourceId";
import type { Resource } from "../arm/store";
import { roleById } from "../identity/roles";
import { kept, resourceFrom } from "./resourceBody";

const TYPE = "Microsoft.Authorization/roleAssignments";

/** Microsoft.Authorization */
export const roleAssignments: ResourceHandler = {
  type: TYPE,
  naming: {
    pattern: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
    rule: "The role assignment ID must be a GUID.",
  },
  build: (request, services) => {
    const { path, properties, caller, existing } = request;
    const scope = path.parentId;
    const principalId = stringOf(properties.principalId);
    const role = roleById(stringOf(properties.roleDefinitionId));
    if (!role) {
      throw badRequest(
        "RoleDefinitionDoesNotExist",
        `The specified role definition '${stringOf(properties.roleDefinitionId)}' does not exist.`,
      );
    }
    checkPrincipal(request, principalId, services);
    const twin = findTwin(services, scope, principalId, role.id);
    if (twin && !sameId(twin, path.id)) {
      throw conflict("RoleAssignmentExists", "The role assignment already exists.");
    }
    if (existing) checkUnchanged(existing, properties);
    const now = () => new Date().toISOString();
    return resourceFrom(request, {
      principalType: properties.principalType ?? "ServicePrincipal",
      scope,
      createdOn: kept(existing, "createdOn", now),
      createdBy: kept(existing, "createdBy", () => caller.objectId),
      updatedOn: kept(existing, "updatedOn", now),
      updatedBy: kept(existing, "updatedBy", () => caller.objectId),
    });
  },
  routes: [listRoute()],
};

/** Azure does not check the principal when its type is given, because directories replicate late. */
function checkPrincipal(
  { properties }: PutRequest,
  principalId: string,
  { directory, settings }: Services,
): void {
  const wanted = properties.principalType;
  const isKnown = directory.byObjectId(principalId) !== undefined;
  // The sandbox's directory knows service principals only, managed identities among them.
  if (isKnown && typeof wanted === "string" && wanted !== "ServicePrincipal") {
    throw badRequest(
      "UnmatchedPrincipalType",
      `The PrincipalId '${principalId}' has type 'ServicePrincipal', which is different from ` +
        `specified PrincipalType '${wanted}'.`,
    );
  }
  if (wanted !== undefined || isKnown) return;
  throw badRequest(
    "PrincipalNotFound",
    `Principal ${principalId} does not exist in the directory ${settings.tenantId}. Check that you ` +
      `have the correct principal ID. If you are creating this principal and then immediately ` +
      `assigning a role, this error might be related to a replication delay. In this case, set the ` +
      `role assignment principalType property.`,
  );
}

function findTwin(
  { directory }: Services,
  scope: string,
  principalId: string,
  roleId: string,
): string | undefined {
  return directory
    .grants()
    .find(
      (grant) =>
        sameId(grant.scope, scope) && grant.principalId === principalId && grant.role.id === roleId,
    )?.id;
}

function checkUnchanged({ body }: Resource, wanted: JsonObject): void {
  const isSame = ["principalId", "roleDefinitionId"].every((key) =>
    sameId(stringOf(body.properties[key]), stringOf(wanted[key])),
  );
  if (!isSame) {
    throw badRequest(
      "RoleAssignmentUpdateNotPermitted",
      "Tenant ID, application ID, principal ID, and scope are not allowed to be updated.",
    );
  }
}

function listRoute(): ExtraRoute {
  return {
    method: "GET",
    path: /(.*)\/providers\/Microsoft\.Authorization\/roleAssignments/,
    apiVersion: "2022-04-01",
    action: `${TYPE}/read`,
    handle: ([, scope = ""], query, services) => ({ value: listAt(scope, query, services) }),
  };
}

/** Assignments that hold at a scope: on it and on what it lies in, and with no filter those below. */
function listAt(scope: string, query: URLSearchParams, services: Services): JsonObject[] {
  if (scope.split("/").length > 3 && !services.resources.get(scope)) throw notFound(scope);
  const filter = query.get("$filter") ?? "";
  const principal = /principalId eq '([^']+)'/i.exec(filter)?.[1];
  const isAtScope = filter.toLowerCase().includes("atscope()");
  return services.directory
    .grants()
    .filter((grant) => isWithin(scope, grant.scope) || (!isAtScope && isWithin(grant.scope, scope)))
    .filter((grant) => !principal || grant.principalId === principal)
    .map(({ id, principalId, scope: at, role }) => ({
      id,
      type: TYPE,
      name: id.split("/").pop() ?? "",
      properties: {
        principalId,
        principalType: "ServicePrincipal",
        scope: at,
        roleDefinitionId: `/subscriptions/${services.settings.subscriptionId}/providers/Microsoft.Authorization/roleDefinitions/${role.id}`,
      },
    }));
}
