import type { Json, JsonObject } from "../../json";
import type { BlobAccounts } from "../blob/blobAccounts";
import type { ClusterControl } from "../cluster/clusterControl";
import type { AzureContext } from "../context";
import type { Principal } from "../identity/directory";
import type { Registries } from "../registry/registries";
import type { RegistryTasks } from "../registry/tasks/registryTasks";
import type { ArmRequest } from "./request";
import type { ResourcePath } from "./resourceId";
import type { Resource } from "./store";

/** What every resource provider works with. */
export interface Services extends AzureContext {
  readonly blobs: BlobAccounts;
  readonly registries: Registries;
  readonly tasks: RegistryTasks;
  readonly cluster: ClusterControl;
}

/** A checked request to create or update a resource. */
export interface PutRequest {
  readonly path: ResourcePath & { readonly name: string };
  readonly body: JsonObject;
  readonly properties: JsonObject;
  readonly existing: Resource | undefined;
  readonly caller: Principal;
}

/** A checked POST to a resource, such as `listKeys`. */
export interface ActionRequest {
  readonly resource: Resource;
  readonly body: JsonObject;
  readonly query: URLSearchParams;
}

/** What an action answers, or a change of the resource that takes time. */
export type ActionResult =
  { readonly json: Json } | { readonly change: (resource: Resource) => Promise<void> };

/** A GET or POST beside the resources themselves, such as a list of soft-deleted vaults. */
export interface ExtraRoute {
  readonly method: "GET" | "POST";
  /** Matched against the whole path without regard to case. */
  readonly path: RegExp;
  readonly apiVersion: string;
  /** Other versions in which it is answered. */
  readonly clientVersions?: readonly string[];
  /** Control-plane action that the caller needs over the path. */
  readonly action: string;
  handle(
    match: readonly string[],
    query: URLSearchParams,
    services: Services,
    request: ArmRequest,
  ): Json | undefined | Promise<Json>;
}

/** One resource type. */
export interface ResourceHandler {
  readonly type: string;
  /** Rule for the last name; `unique` when it has to be unique in all of Azure. */
  readonly naming: { readonly pattern: RegExp; readonly rule: string; readonly unique?: boolean };
  /** Checks a request and answers the resource as it will be; nothing is changed yet. */
  build?(request: PutRequest, services: Services): Resource;
  /** Makes the resource real. Its presence makes creation and update long-running. */
  provision?(resource: Resource, services: Services): Promise<void>;
  /** Called just before the resource is forgotten. Its presence makes deletion long-running. */
  remove?(resource: Resource, services: Services, query: URLSearchParams): Promise<void>;
  readonly actions?: Readonly<
    Record<string, (request: ActionRequest, services: Services) => ActionResult>
  >;
  readonly routes?: readonly ExtraRoute[];
}
