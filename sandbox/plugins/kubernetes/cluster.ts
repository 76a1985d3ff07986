import { setTimeout as delay } from "node:timers/promises";
import { createApi, type Api, type Exchange } from "./api";
import { isPassing } from "./apiError";
import type { Configuration } from "./configuration";
import { referenceOf } from "./object";
import type { KubernetesObject, ObjectReference } from "./object";

/** Requests for objects of any kind that the API server knows. */
export class Cluster {
  /**
   * Loads the client library, which is large, and reads the kubeconfig. Sends nothing yet.
   *
   * @throws when the kubeconfig cannot be read or names no cluster
   */
  static async connect(configuration: Configuration, signal: AbortSignal): Promise<Cluster> {
    const client = await import("@kubernetes/client-node");
    return new Cluster(createApi(client, configuration, signal));
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
    query: { labelSelector?: string } = {},
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
