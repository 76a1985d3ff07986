import type { JsonObject } from "../../json";
import type { Reply } from "../http";
import { groupNotFound } from "./errors";
import type { Services } from "./handler";
import type { ArmRequest, Authorize } from "./request";

const SCOPE = /^(\/subscriptions\/[^/]+(?:\/resourceGroups\/([^/]+))?)\/resources$/i;

/** The list of the resources of the subscription or of a group; undefined for any other request. */
export function resourceList(
  { method, pathname, caller }: ArmRequest,
  { resources }: Services,
  authorize: Authorize,
): Reply | undefined {
  const [, scope, group] = SCOPE.exec(pathname) ?? [];
  if (method !== "GET" || scope === undefined) return undefined;
  authorize(caller, "Microsoft.Resources/subscriptions/resources/read", scope);
  if (group && !resources.get(scope)) throw groupNotFound(group);
  const value = resources
    .under(scope)
    .filter(({ body }) => body.type.split("/").length === 2 && /\/providers\//i.test(body.id))
    .filter(({ body }) => body.type !== "Microsoft.Authorization/roleAssignments")
    .map(({ body }) => summary(body));
  return { status: 200, json: { value } };
}

function summary(body: JsonObject): JsonObject {
  const kept = ["id", "name", "type", "location", "tags", "kind", "sku", "identity"];
  return Object.fromEntries(Object.entries(body).filter(([key]) => kept.includes(key)));
}
