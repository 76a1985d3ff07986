import type { Reply } from "../http";
import { ROLE_DEFINITIONS } from "../identity/roles";
import { groupNotFound } from "./errors";
import type { Services } from "./handler";
import type { ArmRequest, Authorize } from "./request";
import type { JsonObject } from "../json";

/** What can only be read: the subscription, its resource list, the built-in roles. */
export function readOnlyDocument(
  request: ArmRequest,
  services: Services,
  authorize: Authorize,
): Reply | undefined {
  if (request.method !== "GET") return undefined;
  const { tenantId, subscriptionId } = services.settings;
  const { pathname, caller } = request;
  if (/^\/tenants\/?$/i.test(pathname))
    return { status: 200, json: { value: [{ id: `/tenants/${tenantId}`, tenantId }] } };
  const subscription = {
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId,
    displayName: "sandbox",
    state: "Enabled",
  };
  if (/^\/subscriptions\/?$/i.test(pathname))
    return { status: 200, json: { value: [subscription] } };
  if (pathname.toLowerCase() === subscription.id.toLowerCase()) {
    authorize(caller, "Microsoft.Resources/subscriptions/read", subscription.id);
    return { status: 200, json: subscription };
  }
  return resourceList(request, services, authorize) ?? roleDefinitions(request);
}

function resourceList(
  { pathname, caller }: ArmRequest,
  { resources }: Services,
  authorize: Authorize,
): Reply | undefined {
  const scope = /^(\/subscriptions\/[^/]+(?:\/resourceGroups\/([^/]+))?)\/resources$/i.exec(
    pathname,
  );
  if (!scope?.[1]) return undefined;
  authorize(caller, "Microsoft.Resources/subscriptions/resources/read", scope[1]);
  if (scope[2] && !resources.get(scope[1])) throw groupNotFound(scope[2]);
  const value = resources
    .under(scope[1])
    .filter(({ body }) => body.type.split("/").length === 2 && /\/providers\//i.test(body.id))
    .filter(({ body }) => body.type !== "Microsoft.Authorization/roleAssignments")
    .map(({ body }) => summary(body));
  return { status: 200, json: { value } };
}

function summary(body: JsonObject): JsonObject {
  const kept = ["id", "name", "type", "location", "tags", "kind", "sku", "identity"];
  return Object.fromEntries(Object.entries(body).filter(([key]) => kept.includes(key)));
}

function roleDefinitions({ pathname, query }: ArmRequest): Reply | undefined {
  const match = /^(.*)\/providers\/Microsoft\.Authorization\/roleDefinitions(?:\/([^/]+))?$/i.exec(
    pathname,
  );
  if (!match) return undefined;
  const wanted = /roleName eq '([^']+)'/i.exec(query.get("$filter") ?? "")?.[1];
  const value = ROLE_DEFINITIONS.filter(
    ({ id, name }) => (!match[2] || match[2] === id) && (!wanted || wanted === name),
  ).map(({ id, name, ...permissions }) => ({
    id: `${match[1]}/providers/Microsoft.Authorization/roleDefinitions/${id}`,
    type: "Microsoft.Authorization/roleDefinitions",
    name: id,
    properties: {
      roleName: name,
      type: "BuiltInRole",
      assignableScopes: ["/"],
      permissions: [permissions],
    },
  }));
  if (!match[2]) return { status: 200, json: { value } };
  const [found] = value;
  return found
    ? { status: 200, json: found }
    : { status: 404, json: { error: { code: "RoleDefinitionDoesNotExist", message: match[2] } } };
}
