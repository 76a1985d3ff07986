import { randomUUID } from "node:crypto";
import { asObject, stringOf, type JsonObject } from "../../json";
import type { Principal } from "../identity/directory";
import { ArmError, badRequest } from "./errors";
import type { Services } from "./handler";
import type { Resource } from "./store";

/** What a principal has to be allowed on an identity to give it to a resource. */
export const ASSIGN = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";

/**
 * The `identity` of a resource as Azure answers it: a system-assigned identity gets its principal,
 * user-assigned ones must exist and the caller must be allowed to assign them.
 */
export function checkIdentities(
  body: JsonObject,
  existing: Resource | undefined,
  caller: Principal,
  services: Services,
): JsonObject | undefined {
  const wanted = asObject(body.identity);
  if (!wanted) return undefined;
  const type = stringOf(wanted.type ?? "None");
  const identity: JsonObject = { type };
  if (type.includes("SystemAssigned")) {
    const before = asObject(existing?.body.identity)?.principalId;
    identity.principalId = before ?? randomUUID();
    identity.tenantId = services.settings.tenantId;
  }
  const ids = Object.keys(asObject(wanted.userAssignedIdentities) ?? {});
  if (type.includes("UserAssigned") && ids.length === 0) {
    throw badRequest("InvalidIdentity", "A user-assigned identity type needs an identity id.");
  }
  if (ids.length > 0) {
    identity.userAssignedIdentities = Object.fromEntries(
      ids.map((id) => [id, userAssigned(id, caller, services)]),
    );
  }
  return identity;
}

function userAssigned(id: string, caller: Principal, services: Services): JsonObject {
  const found = services.resources.get(id);
  if (!found) {
    throw badRequest(
      "FailedIdentityOperation",
      `Identity operation failed: the user-assigned identity '${id}' was not found.`,
    );
  }
  if (!services.directory.isAllowed(caller.objectId, ASSIGN, id)) {
    throw new ArmError(
      403,
      "LinkedAuthorizationFailed",
      `The client has permission to perform the write action; however, it does not have permission ` +
        `to perform action '${ASSIGN}' on the linked scope '${id}'.`,
    );
  }
  const { principalId = "", clientId = "" } = found.body.properties;
  return { principalId, clientId };
}
