import { asObject, type Json, type JsonObject } from "../../json";
import { handlerOf } from "../handlers";
import type { Reply } from "../http";
import type { Principal } from "../identity/directory";
import type { ResourceDefinition } from "../schema/definitions";
import { checkIdentities } from "./assignedIdentity";
import { checkCreateOnly } from "./createOnly";
import { conflict, groupNotFound, notFound } from "./errors";
import type { ResourceHandler, Services } from "./handler";
import type { Operations, StartedOperation } from "./operations";
import { removalOrder } from "./removalOrder";
import { GROUP_TYPE, sameId } from "./resourceId";
import type { ResourcePath } from "./resourceId";
import type { Resource } from "./store";
import { stampSystemData } from "./systemData";

/** Creation, change and removal of resources, the same for every type. */
export class Lifecycle {
  constructor(
    private readonly services: Services,
    private readonly operations: Operations,
  ) {}

  /** A resource, or the resources of a collection. */
  read(path: ResourcePath): Reply {
    const { resources } = this.services;
    if (path.name) {
      const found = resources.get(path.id);
      if (!found) throw path.type === GROUP_TYPE ? groupNotFound(path.name) : notFound(path.id);
      return { status: 200, json: found.body };
    }
    const value = resources
      .under(path.parentId)
      .filter(({ body }) => sameId(body.type, path.type))
      .map(({ body }) => body);
    return { status: 200, json: { value } };
  }

  /** Refuses a name that must be unique in all of Azure and is taken. */
  checkUnique(path: ResourcePath, definition: ResourceDefinition): void {
    const isTaken = ({ body }: Resource) =>
      sameId(body.type, definition.type) &&
      sameId(body.name, path.name ?? "") &&
      !sameId(body.id, path.id);
    if (this.services.resources.all().some(isTaken)) {
      throw conflict(
        `${shortType(definition)}AlreadyTaken`,
        `The ${shortType(definition)} name '${path.name}' is already taken.`,
      );
    }
  }

  put(
    path: ResourcePath & { name: string },
    definition: ResourceDefinition,
    handler: ResourceHandler,
    body: JsonObject,
    caller: Principal,
  ): Reply {
    const { services } = this;
    const existing = services.resources.get(path.id);
    const properties = asObject(body.properties) ?? {};
    checkCreateOnly(definition, existing, body);
    const identity = checkIdentities(body, existing, caller, services);
    const built = handler.build?.({ path, body, properties, existing, caller }, services);
    if (!built) throw notFound(path.id);
    const resource: Resource = {
      ...built,
      body: { ...built.body, ...(identity ? { identity } : {}) },
    };
    stampSystemData(definition, resource, existing, caller);
    if (!handler.provision) {
      services.resources.put(path.id, resource);
      return { status: existing ? 200 : 201, json: resource.body };
    }
    resource.body.properties.provisioningState = existing ? "Updating" : "Creating";
    services.resources.put(path.id, resource);
    const started = this.operations.start("provision", resource, "", () =>
      this.provision(resource.body.id),
    );
    return this.accepted(existing ? 200 : 201, started, definition.apiVersion, resource.body);
  }

  remove(path: ResourcePath, handler: ResourceHandler, query: URLSearchParams): Reply {
    const resource = this.services.resources.get(path.id);
    if (!resource) {
      if (path.type === GROUP_TYPE) throw groupNotFound(path.name ?? "");
      return { status: 204 };
    }
    if (this.operations.isBusy(path.id)) throw busy(path.id);
    if (!handler.remove) {
      this.services.resources.delete(path.id);
      return { status: 200, json: resource.body };
    }
    if ("provisioningState" in resource.body.properties) {
      resource.body.properties.provisioningState = "Deleting";
      this.services.resources.put(path.id, resource);
    }
    const started = this.operations.start("remove", resource, query.toString(), () =>
      this.removeTree(path.id, query),
    );
    return this.accepted(202, started, query.get("api-version") ?? "");
  }

  /** An action that takes time, such as stopping a cluster. */
  change(resource: Resource, work: (resource: Resource) => Promise<void>): Reply {
    const started = this.operations.start("action", resource, "", async () => {
      await work(resource);
      this.services.resources.put(resource.body.id, resource);
    });
    return this.accepted(202, started, "");
  }

  /** Finishes what a killed emulator had begun. */
  resume(): void {
    this.operations.resume((kind, id, query) => async () => {
      if (kind === "provision") await this.provision(id);
      if (kind === "remove") await this.removeTree(id, new URLSearchParams(query));
    });
  }

  private async provision(id: string): Promise<void> {
    const { resources } = this.services;
    const resource = resources.get(id);
    if (!resource) return;
    try {
      await handlerOf(resource.body.type)?.provision?.(resource, this.services);
      resource.body.properties.provisioningState = "Succeeded";
    } catch (error) {
      resource.body.properties.provisioningState = "Failed";
      throw error;
    } finally {
      if (resources.get(id)) resources.put(id, resource);
    }
  }

  /** Removes a resource and all that is nested in it or assigned on it, the deepest first. */
  private async removeTree(id: string, query: URLSearchParams): Promise<void> {
    const { resources } = this.services;
    await this.operations.idleBelow(id);
    const tree = resources.under(id).reverse();
    for (const resource of removalOrder(tree)) {
      await this.removeOne(resource, query);
      resources.delete(resource.body.id);
    }
  }

  private async removeOne(resource: Resource, query: URLSearchParams): Promise<void> {
    try {
      await handlerOf(resource.body.type)?.remove?.(resource, this.services, query);
    } catch (error) {
      resource.body.properties.provisioningState = "Failed";
      this.services.resources.put(resource.body.id, resource);
      throw error;
    }
  }

  private accepted(
    status: number,
    started: StartedOperation,
    apiVersion: string,
    json?: Json,
  ): Reply {
    const { baseUrl } = this.services;
    const suffix = apiVersion ? `?api-version=${apiVersion}` : "";
    const headers = {
      "azure-asyncoperation": `${baseUrl}${started.statusPath}${suffix}`,
      location: `${baseUrl}${started.resultPath}${suffix}`,
    };
    return { status, headers, ...(json === undefined ? {} : { json }) };
  }
}

/** 409: an operation on the resource has to end first. */
export function busy(id: string): Error {
  return conflict("AnotherOperationInProgress", `Another operation on '${id}' is in progress.`);
}

function shortType(definition: ResourceDefinition): string {
  return definition.token.split(":").pop() ?? "";
}
