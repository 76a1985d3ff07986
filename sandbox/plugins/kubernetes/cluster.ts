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

  /** The server's version; fails when it does not answer, or does not know us. */
  async version(): Promise<string> {
    const answer = await this.api.exchange({ method: "GET", path: "/version" });
    return (JSON.parse(answer) as { gitVersion: string }).gitVersion;
  }

  async get(reference: ObjectReference): Promise<KubernetesObject> {
    return this.send(reference, { method: "GET" });
  }

  /** Server-side apply: creates the object, or makes the fields it names ours and drops those it no longer names. */
  async apply(
    object: KubernetesObject,
    { fieldManager, force, preview }: { fieldManager: string; force: boolean; preview: boolean },
  ): Promise<KubernetesObject> {
    const query = { fieldManager, force: String(force), ...dryRun(preview) };
    const content = { type: "apply", body: object } as const;
    return this.send(referenceOf(object), { method: "PATCH", query, content });
  }

  /** Creates the object; refused when there is one of that name. */
  async create(
    object: KubernetesObject,
    { fieldManager, preview }: { fieldManager: string; preview: boolean },
  ): Promise<KubernetesObject> {
    const query = { fieldManager, ...dryRun(preview) };
    const content = { type: "whole", body: object } as const;
    return this.send({ ...referenceOf(object), name: "" }, { method: "POST", query, content });
  }

  /** Says anew who manages which fields of the object. */
  async replaceManagedFields(
    reference: ObjectReference,
    managedFields: readonly unknown[],
  ): Promise<KubernetesObject> {
    const body = [{ op: "replace", path: "/metadata/managedFields", value: managedFields }];
    return this.send(reference, { method: "PATCH", content: { type: "operations", body } });
  }

  /** Asks for the object's removal after that of all it owns; returns before it is gone. */
  async remove(reference: ObjectReference): Promise<void> {
    const query = { propagationPolicy: "Foreground" };
    await this.send(reference, { method: "DELETE", query });
  }

  private async send<T>(reference: ObjectReference, request: Omit<Exchange, "path">): Promise<T> {
    const path = await this.api.pathOf(reference);
    return JSON.parse(await this.api.exchange({ ...request, path })) as T;
  }
}

function dryRun(preview: boolean): { dryRun?: string } {
  return preview ? { dryRun: "All" } : {};
}

/**
 * Repeats an action while the cluster is busy.
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
