import { asObject, stringOf, type Json } from "../../json";
import { handlers, extraRoutes } from "../handlers";
import { parseJsonObject, type Reply } from "../http";
import { checkRegion } from "../regions/regions";
import { clientVersions } from "../schema/clientVersions";
import { definitionOfType } from "../schema/definitions";
import type { ResourceDefinition } from "../schema/definitions";
import { requireVersion } from "./apiVersion";
import {
  ArmError,
  badRequest,
  forbidden,
  groupNotFound,
  notFound,
  parentNotFound,
  unsupported,
} from "./errors";
import type { ResourceHandler, Services } from "./handler";
import { busy, Lifecycle } from "./lifecycle";
import type { Operations } from "./operations";
import type { ArmRequest, Authorize } from "./request";
import { GROUP_TYPE, parseResourcePath } from "./resourceId";
import type { ResourcePath } from "./resourceId";
import { resourceList } from "./resourceList";
import { subscriptions } from "./subscriptions";
import { validateTags } from "./tags";
import { validateBody } from "./validation";

/** A request that has been matched to a type. */
interface Routed {
  readonly request: ArmRequest;
  readonly path: ResourcePath;
  readonly definition: ResourceDefinition;
  readonly handler: ResourceHandler;
  /** Name of a POST action. */
  readonly action: string | undefined;
}

/**
 * Azure Resource Manager, in the order in which a request meets its rules: operation status, extra
 * routes, type, API version, rights, parents, name and body, and last the provider of the type.
 */
export class Pipeline {
  private readonly lifecycle: Lifecycle;

  constructor(
    private readonly services: Services,
    private readonly operations: Operations,
  ) {
    this.lifecycle = new Lifecycle(services, operations);
    this.lifecycle.resume();
  }

  handle(request: ArmRequest): Reply | Promise<Reply> {
    const polled = this.pollOperation(request);
    if (polled) return polled;
    const list =
      resourceList(request, this.services, this.authorize) ?? subscriptions(request, this.services);
    if (list) return list;
    const extra = this.extraRoute(request);
    if (extra) return extra;
    const routed = this.route(request);
    this.checkApiVersion(routed);
    this.authorize(request.caller, actionName(routed), routed.path.id);
    this.checkParents(routed.path);
    return this.dispatch(routed);
  }

  private pollOperation({ method, pathname }: ArmRequest): Reply | undefined {
    const match = /\/operation(Statuses|Results)\/([0-9a-f-]{36})$/i.exec(pathname);
    if (method !== "GET" || !match) return undefined;
    const status = this.operations.status(match[2] ?? "");
    if (!status) throw notFound(pathname);
    if (match[1]?.toLowerCase() === "statuses") return { status: 200, json: status };
    if (status.status === "InProgress") return { status: 202 };
    const error = asObject(status.error);
    if (!error) return { status: 200, json: status };
    throw new ArmError(409, stringOf(error.code), stringOf(error.message));
  }

  private extraRoute(request: ArmRequest): Reply | Promise<Reply> | undefined {
    for (const route of extraRoutes) {
      const match = new RegExp(`^${route.path.source}$`, "i").exec(request.pathname);
      if (!match || route.method !== request.method) continue;
      requireVersion(request.query, route.apiVersion, route.action, route.clientVersions);
      this.authorize(request.caller, route.action, request.pathname);
      const json = route.handle([...match], request.query, this.services, request);
      return json instanceof Promise ? json.then(answered) : answered(json);
    }
    return undefined;
  }

  private route(request: ArmRequest): Routed {
    const isAction = request.method === "POST";
    const pathname = isAction ? request.pathname.replace(/\/[^/]+$/, "") : request.pathname;
    const path = parseResourcePath(pathname);
    const definition = path && definitionOfType(path.type);
    const handler = definition && handlers.get(definition.type);
    if (!path || !definition || !handler) throw unknownType(request, path);
    if (path.subscriptionId.toLowerCase() !== this.services.settings.subscriptionId.toLowerCase()) {
      throw new ArmError(
        404,
        "SubscriptionNotFound",
        `The subscription '${path.subscriptionId}' could not be found.`,
      );
    }
    const action = isAction ? request.pathname.split("/").pop() : undefined;
    return { request, path, definition, handler, action };
  }

  private checkApiVersion({ request, definition, action }: Routed): void {
    // Only what is written has to be of the one version that bodies can be checked against.
    const isList = action?.toLowerCase().startsWith("list");
    const writes = request.body !== "" && !isList && !isRecovery(request);
    const also = writes ? [] : clientVersions(definition.type);
    requireVersion(request.query, definition.apiVersion, definition.type, also);
  }

  private readonly authorize: Authorize = (caller, action, scope) => {
    if (!this.services.directory.isAllowed(caller.objectId, action, scope)) {
      throw forbidden(caller.clientId, caller.objectId, action, scope);
    }
  };

  private checkParents(path: ResourcePath): void {
    const { resources, settings } = this.services;
    const subscription = `/subscriptions/${settings.subscriptionId}`;
    const groupId = path.resourceGroup && `${subscription}/resourceGroups/${path.resourceGroup}`;
    const isGroup = path.type === GROUP_TYPE;
    if (groupId && !isGroup && !resources.get(groupId)) {
      throw groupNotFound(path.resourceGroup ?? "");
    }
    const parent = parseResourcePath(path.parentId);
    if (!parent?.name || parent.id.toLowerCase() === subscription.toLowerCase()) return;
    const isService = /blobServices\/default$/i.test(path.parentId);
    const id = isService ? path.parentId.replace(/\/blobServices\/default$/i, "") : path.parentId;
    if (!resources.get(id)) throw parentNotFound(id);
  }

  private dispatch(routed: Routed): Reply {
    const { request, path, handler } = routed;
    if (request.method === "GET") return this.lifecycle.read(path);
    if (!path.name) throw unsupported(`${request.method} on a collection`);
    if (request.method === "PUT") return this.put(routed, path.name);
    if (request.method === "DELETE") return this.lifecycle.remove(path, handler, request.query);
    if (request.method === "POST") return this.act(routed);
    throw unsupported(`${request.method} ${path.type}`);
  }

  private put({ request, path, definition, handler }: Routed, name: string): Reply {
    const { pattern, rule, unique } = handler.naming;
    if (!handler.build) throw unsupported(`PUT ${definition.type}`);
    if (!pattern.test(name)) {
      throw badRequest("InvalidResourceName", `The name '${name}' is invalid. ${rule}`);
    }
    const body = parseJsonObject(request.body);
    if (definition.createOnly.includes("location") && typeof body.location !== "string") {
      throw badRequest(
        "LocationRequired",
        "The location property is required for this definition.",
      );
    }
    if (typeof body.location === "string" && body.location !== "global") {
      checkRegion(definition.type, body.location);
    }
    validateBody(definition, body);
    validateTags(definition.type, body);
    if (unique) this.lifecycle.checkUnique(path, definition);
    if (this.operations.isBusy(path.id)) throw busy(path.id);
    return this.lifecycle.put({ ...path, name }, definition, handler, body, request.caller);
  }

  private act({ request, path, handler, action }: Routed): Reply {
    const resource = this.services.resources.get(path.id);
    if (!resource) throw notFound(path.id);
    const name = Object.keys(handler.actions ?? {}).find(
      (candidate) => candidate.toLowerCase() === action?.toLowerCase(),
    );
    const perform = name && handler.actions?.[name];
    if (!perform) throw unsupported(`POST ${path.type}/${action}`);
    const body = request.body === "" ? {} : parseJsonObject(request.body);
    const result = perform({ resource, body, query: request.query }, this.services);
    return "json" in result
      ? { status: 200, json: result.json }
      : this.lifecycle.change(resource, result.change);
  }
}

/** Whether a request brings a deleted vault back as it was, whatever else it says. */
function isRecovery({ method, pathname, body }: ArmRequest): boolean {
  if (method !== "PUT" || !/\/Microsoft\.KeyVault\/vaults\//i.test(pathname)) return false;
  return asObject(parseJsonObject(body).properties)?.createMode === "recover";
}

function answered(json: Json | undefined): Reply {
  return json === undefined ? { status: 200 } : { status: 200, json };
}

function actionName({ request, definition, action }: Routed): string {
  const type =
    definition.type === GROUP_TYPE
      ? "Microsoft.Resources/subscriptions/resourceGroups"
      : definition.type;
  if (action) return `${type}/${action}/action`;
  const verb = { PUT: "write", PATCH: "write", DELETE: "delete" }[request.method] ?? "read";
  return `${type}/${verb}`;
}

function unknownType(request: ArmRequest, path: ResourcePath | undefined): ArmError {
  const version = request.query.get("api-version") ?? "";
  return badRequest(
    "InvalidResourceType",
    path
      ? `The resource type '${path.type}' could not be found for api version '${version}'.`
      : `The path '${request.pathname}' names no resource that the emulator knows.`,
  );
}
