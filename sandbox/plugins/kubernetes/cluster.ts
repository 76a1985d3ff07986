import { setTimeout as delay } from "node:timers/promises";
import type * as library from "@kubernetes/client-node";
import { ApiError, isPassing } from "./apiError";
import type { Configuration } from "./configuration";
import { referenceOf } from "./object";
import type { KubernetesObject, ObjectReference } from "./object";

type Query = Record<string, string | undefined>;

/** How long one request may take: long enough for admission webhooks, short enough to notice a dead server. */
const REQUEST_TIMEOUT_MS = 30_000;

type Method = "DELETE" | "GET" | "PATCH";

interface Exchange {
  method: Method;
  path: string;
  query?: Query;
  /** Server-side apply of this object. */
  apply?: KubernetesObject;
}

/** What is used of the library: it finds paths by discovery, authenticates and speaks HTTP. */
interface Api {
  /** Path of the object, or of the collection if the name is empty. */
  pathOf(reference: ObjectReference): Promise<string>;
  /** The answer's body; bodies pass as they are, because typed models drop the fields they do not know. */
  exchange(request: Exchange): Promise<string>;
}

function createApi(
  { KubernetesObjectApi, HttpMethod, PatchStrategy }: typeof library,
  config: library.KubeConfig,
  signal: AbortSignal,
): Api {
  class RawApi extends KubernetesObjectApi implements Api {
    /** The library's own path of an object has its name in lower case, which not all kinds' names are. */
    async pathOf({ apiVersion, kind, name, namespace }: ObjectReference): Promise<string> {
      const collection = await this.specUriPath(
        { apiVersion, kind, metadata: { namespace } },
        "list",
      );
      return name === "" ? collection : `${collection}/${encodeURIComponent(name)}`;
    }

    async exchange({ method, path, query = {}, apply }: Exchange): Promise<string> {
      const { baseServer } = this.configuration;
      const context = baseServer.makeRequestContext(path, HttpMethod[method]);
      context.setHeaderParam("Accept", "application/json, */*;q=0.8");
      for (const [key, value] of Object.entries(query)) {
        if (value !== undefined) context.setQueryParam(key, value);
      }
      if (apply !== undefined) {
        context.setHeaderParam("Content-Type", PatchStrategy.ServerSideApply);
        context.setBody(JSON.stringify(apply));
      }
      context.setSignal(AbortSignal.any([signal, AbortSignal.timeout(REQUEST_TIMEOUT_MS)]));
      return (await this.requestPromise(context, TEXT)) as unknown as string;
    }

    /** Discovery asks for JSON; all else takes the text as it is. */
    protected override async processResponse<T extends library.KubernetesObject>(
      response: library.ResponseContext,
      type?: string,
    ): Promise<T> {
      const body = await response.body.text();
      if (response.httpStatusCode >= 300) throw toApiError(response.httpStatusCode, body);
      return (type === TEXT ? body : JSON.parse(body)) as T;
    }
  }
  return config.makeApiClient(RawApi);
}

function loadConfig({ KubeConfig }: typeof library, configuration: Configuration) {
  const config = new KubeConfig();
  config.loadFromString(configuration.kubeconfig ?? "");
  if (!config.getCurrentCluster()) {
    throw new Error("the kubeconfig names no cluster: give the provider a valid kubeconfig");
  }
  return config;
}

/** Requests for objects of any kind that the API server knows. */
export class Cluster {
  /**
   * Loads the client library, which is large, and reads the kubeconfig. Sends nothing yet.
   *
   * @throws when the kubeconfig cannot be read or names no cluster
   */
  static async connect(configuration: Configuration, signal: AbortSignal): Promise<Cluster> {
    const client = await import("@kubernetes/client-node");
    return new Cluster(createApi(client, loadConfig(client, configuration), signal));
  }

  constructor(private readonly api: Api) {}

  async get(reference: ObjectReference): Promise<KubernetesObject> {
    return this.send(reference, { method: "GET" });
  }

  /** Server-side apply: creates the object, or makes the fields it names ours and drops those it no longer names. */
  async apply(
    object: KubernetesObject,
    { fieldManager, force }: { fieldManager: string; force: boolean },
  ): Promise<KubernetesObject> {
    const query = { fieldManager, force: String(force) };
    return this.send(referenceOf(object), { method: "PATCH", query, apply: object });
  }

  /** Asks for the object's removal after that of all it owns; returns before it is gone. */
  async remove(reference: ObjectReference): Promise<void> {
    const query = { propagationPolicy: "Foreground" };
    await this.send(reference, { method: "DELETE", query });
  }

  /** All objects of a kind in a namespace. */
  async listObjects<T>(
    { apiVersion, kind }: { apiVersion: string; kind: string },
    namespace: string,
    query: { labelSelector?: string; fieldSelector?: string } = {},
  ): Promise<T[]> {
    const reference = { apiVersion, kind, namespace, name: "" };
    const { items } = await this.send<{ items: T[] }>(reference, { method: "GET", query });
    return items;
  }

  /** The last lines a container wrote, of its previous run if asked for. */
  async logLines(
    pod: { name: string; namespace: string; container: string },
    { previous, lines }: { previous: boolean; lines: number },
  ): Promise<string[]> {
    const { container, name, namespace } = pod;
    const reference = { apiVersion: "v1", kind: "Pod", name, namespace };
    const path = `${await this.api.pathOf(reference)}/log`;
    const query = { container, tailLines: String(lines), previous: String(previous) };
    const text = await this.api.exchange({ method: "GET", path, query });
    return text.split("\n").filter((line) => line.trim() !== "");
  }

  private async send<T>(reference: ObjectReference, request: Omit<Exchange, "path">): Promise<T> {
    const path = await this.api.pathOf(reference);
    return JSON.parse(await this.api.exchange({ ...request, path })) as T;
  }
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

/**
 * Repeats an action while the cluster is starting or busy.
 *
 * @param seconds how long to go on; then the last error is thrown
 */
export async function retrying<T>(
  action: () => Promise<T>,
  seconds: number,
  signal: AbortSignal,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (let pause = 500; ; pause = Math.min(pause * 2, 4000)) {
    try {
      return await action();
    } catch (error) {
      if (!isPassing(error) || Date.now() + pause > end) throw error;
      await delay(pause, undefined, { signal });
    }
  }
}
