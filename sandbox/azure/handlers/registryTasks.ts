import { parseJsonObject } from "../http";
import { notFound } from "../arm/errors";
import type { ExtraRoute, Services } from "../arm/handler";
import type { Resource } from "../arm/store";
import { readBuildRequest } from "../registry/tasks/runRequest";

/** The version that knows the caller as the identity of a run. */
const API_VERSION = "2025-03-01-preview";
const TYPE = "Microsoft.ContainerRegistry/registries";
const REGISTRY = String.raw`(/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.ContainerRegistry/registries/[^/]+)`;

type Handle = (
  registry: Resource,
  runId: string,
  ...rest: Parameters<ExtraRoute["handle"]>
) => ReturnType<ExtraRoute["handle"]>;

function route(method: "GET" | "POST", path: string, action: string, handle: Handle): ExtraRoute {
  return {
    method,
    path: new RegExp(`${REGISTRY}/${path}`),
    apiVersion: API_VERSION,
    action: `${TYPE}/${action}`,
    handle: (match, query, services, request) => {
      const [, id = "", runId = ""] = match;
      return handle(registryOf(id, services), runId, match, query, services, request);
    },
  };
}

function registryOf(id: string, { resources }: Services): Resource {
  const found = resources.get(id);
  if (!found) throw notFound(id);
  return found;
}

/** Quick builds: where to upload, the run itself, its state, log and end. No tasks that are kept. */
export const taskRoutes: readonly ExtraRoute[] = [
  route(
    "POST",
    "listBuildSourceUploadUrl",
    "listBuildSourceUploadUrl/action",
    async (_registry, _runId, _match, _query, { tasks }) => ({
      ...(await tasks.storage.uploadTarget()),
    }),
  ),
  route(
    "POST",
    "scheduleRun",
    "scheduleRun/action",
    (registry, _runId, _match, _query, { tasks }, { body, caller }) =>
      tasks.schedule(registry, readBuildRequest(parseJsonObject(body)), caller),
  ),
  route("GET", "runs/([^/]+)", "runs/read", (registry, runId, _match, _query, { tasks }) =>
    tasks.state(registry, runId),
  ),
  route(
    "POST",
    "runs/([^/]+)/listLogSasUrl",
    "runs/listLogSasUrl/action",
    async (registry, runId, _match, _query, { tasks }) => ({
      logLink: await tasks.logUrl(registry, runId),
    }),
  ),
  route(
    "POST",
    "runs/([^/]+)/cancel",
    "runs/cancel/action",
    (registry, runId, _match, _query, { tasks }) => {
      tasks.cancel(registry, runId);
      return undefined;
    },
  ),
];
