import type * as library from "@kubernetes/client-node";
import { ApiError } from "./apiError";
import type { Configuration } from "./configuration";
import type { KubernetesObject, ObjectReference } from "./object";

type Query = Record<string, string | undefined>;

/** How long one request may take: long enough for admission webhooks, short enough to notice a dead server. */
const REQUEST_TIMEOUT_MS = 30_000;

type Method = "DELETE" | "GET" | "PATCH" | "POST";

/** What a request sends: a whole object, server-side apply of one, or single operations on one. */
type Content =
  | { type: "apply" | "whole"; body: KubernetesObject }
  | { type: "operations"; body: readonly unknown[] };

/** One request to the API server. */
export interface Exchange {
  method: Method;
  path: string;
  query?: Query;
  content?: Content;
}

/** What is used of the library: it finds paths by discovery, authenticates and speaks HTTP. */
export interface Api {
  /** Path of the object, or of the collection if the name is empty. */
  pathOf(reference: ObjectReference): Promise<string>;
  /** The answer's body; bodies pass as they are, because typed models drop the fields they do not know. */
  exchange(request: Exchange): Promise<string>;
}

/**
 * What is used of the library, which is large and therefore passed in when it is needed.
 *
 * @throws when the kubeconfig cannot be read or names no cluster
 */
export function createApi(
  client: typeof library,
  configuration: Configuration,
  signal: AbortSignal,
): Api {
  return loadConfig(client, configuration).makeApiClient(rawApi(client, signal));
}

function rawApi(
  { KubernetesObjectApi, HttpMethod, PatchStrategy }: typeof library,
  signal: AbortSignal,
) {
  const mediaTypes = {
    apply: PatchStrategy.ServerSideApply,
    operations: PatchStrategy.JsonPatch,
    whole: "application/json",
  };
  return class RawApi extends KubernetesObjectApi implements Api {
    /** The library's own path of an object has its name in lower case, which not all kinds' names are. */
    async pathOf({ apiVersion, kind, name, namespace }: ObjectReference): Promise<string> {
      const collection = await this.specUriPath(
        { apiVersion, kind, metadata: { namespace } },
        "list",
      );
      return name === "" ? collection : `${collection}/${encodeURIComponent(name)}`;
    }

    async exchange({ method, path, query = {}, content }: Exchange): Promise<string> {
      const { baseServer } = this.configuration;
      const context = baseServer.makeRequestContext(path, HttpMethod[method]);
      context.setHeaderParam("Accept", "application/json, */*;q=0.8");
      for (const [key, value] of Object.entries(query)) {
        if (value !== undefined) context.setQueryParam(key, value);
      }
      if (content !== undefined) {
        context.setHeaderParam("Content-Type", mediaTypes[content.type]);
        context.setBody(JSON.stringify(content.body));
      }
      context.setSignal(AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]));
      return (await this.requestPromise(context, TEXT)) as unknown as string;
    }

    /** Discovery asks for JSON; everything else takes the body as a string. */
    protected override async processResponse<T extends library.KubernetesObject>(
      response: library.ResponseContext,
      type?: string,
    ): Promise<T> {
      const body = await response.body.text();
      if (response.httpStatusCode >= 300) throw toApiError(response.httpStatusCode, body);
      return (type === TEXT ? body : JSON.parse(body)) as T;
    }
  };
}

function loadConfig({ KubeConfig }: typeof library, configuration: Configuration) {
  const config = new KubeConfig();
  config.loadFromString(configuration.kubeconfig ?? "");
  if (!config.getCurrentCluster()) {
    throw new Error("the kubeconfig names no cluster: give the provider a valid kubeconfig");
  }
  return config;
}

/** Marks a request whose answer is no JSON. */
const TEXT = "text";

function toApiError(status: number, body: string): ApiError {
  try {
    const { reason, message } = JSON.parse(body) as { reason?: string; message?: string };
    return new ApiError(status, reason ?? "", message ?? body);
  } catch {
    return new ApiError(status, "", body.trim() || `HTTP status ${status}`);
  }
}
