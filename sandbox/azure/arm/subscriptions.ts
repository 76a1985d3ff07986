import type { JsonObject } from "../../json";
import type { Reply } from "../http";
import { requireVersion } from "./apiVersion";
import { ArmError } from "./errors";
import type { Services } from "./handler";
import type { ArmRequest } from "./request";
import { isWithin } from "./resourceId";

/** The version in which the Azure CLI asks for its accounts. */
const API_VERSION = "2022-12-01";
const PATH = /^\/subscriptions(?:\/([^/]+))?$/i;

/**
 * The subscription, or the list of those in which the caller has a role over anything at all, which is what the Azure CLI
 * shows as its accounts; undefined for any other request.
 */
export function subscriptions(
  { method, pathname, query, caller }: ArmRequest,
  { settings, directory }: Services,
): Reply | undefined {
  const match = PATH.exec(pathname);
  if (method !== "GET" || match === null) return undefined;
  requireVersion(query, API_VERSION, "subscriptions");
  const id = `/subscriptions/${settings.subscriptionId}`;
  const isMember = directory
    .grants()
    .some(({ principalId, scope }) => principalId === caller.objectId && isWithin(scope, id));
  const found = isMember ? [summary(id, settings)] : [];
  const [, wanted] = match;
  if (wanted === undefined) return { status: 200, json: { value: found } };
  const [one] = found;
  if (one === undefined || wanted.toLowerCase() !== settings.subscriptionId.toLowerCase()) {
    throw new ArmError(
      404,
      "SubscriptionNotFound",
      `The subscription '${wanted}' could not be found.`,
    );
  }
  return { status: 200, json: one };
}

function summary(id: string, { subscriptionId, tenantId }: Services["settings"]): JsonObject {
  return {
    id,
    subscriptionId,
    tenantId,
    displayName: "Sandbox",
    state: "Enabled",
    authorizationSource: "RoleBased",
    managedByTenants: [],
  };
}
