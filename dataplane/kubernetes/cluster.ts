import type * as library from "@kubernetes/client-node";
import type { Inputs } from "@pulumi/pulumi";
import { stringInput } from "../resourceType";
import { withDeployer } from "../signIn/configured";
import { statusOf, toReadableError, UnreachableError } from "./errors";
import type * as types from "./types";

/**
 * The cluster that the inputs name by `kubeconfig`, with the deployer as its user.
 *
 * @throws Error when it cannot be read or names no cluster.
 */
export async function kubeConfig(inputs: Inputs): Promise<library.KubeConfig> {
  // Loaded on first use: a preview asks no cluster, and this library takes most of a second.
  const client = await import("@kubernetes/client-node");
  const config = new client.KubeConfig();
  config.loadFromString(withDeployer(stringInput(inputs, "kubeconfig")));
  return config;
}

/** Requests that are about one namespace of a cluster. */
export class Cluster {
  /**
   * The cluster and namespace that the inputs name by `kubeconfig` and `namespace`; sends nothing yet.
   *
   * @throws Error when the kubeconfig cannot be read or names no cluster.
   */
  static async connect(inputs: Inputs): Promise<Cluster> {
    const client = await import("@kubernetes/client-node");
    const config = await kubeConfig(inputs);
    return new Cluster(
      {
        core: config.makeApiClient(client.CoreV1Api),
        apps: config.makeApiClient(client.AppsV1Api),
        autoscaling: config.makeApiClient(client.AutoscalingV2Api),
      },
      stringInput(inputs, "namespace"),
    );
  }

  constructor(
    private readonly api: {
      readonly core: library.CoreV1Api;
      readonly apps: library.AppsV1Api;
      readonly autoscaling: library.AutoscalingV2Api;
    },
    private readonly namespace: string,
  ) {}

  /** The namespace itself; undefined when there is none. */
  own(): Promise<{ readonly metadata: types.Metadata } | undefined> {
    return unlessAbsent(() => this.api.core.readNamespace({ name: this.namespace }));
  }

  /** Undefined when there is none. */
  deployment(name: string): Promise<types.Deployment | undefined> {
    const { namespace } = this;
    return unlessAbsent(() => this.api.apps.readNamespacedDeployment({ name, namespace }));
  }

  /** Undefined when there is none. */
  service(name: string): Promise<types.Service | undefined> {
    const { namespace } = this;
    return unlessAbsent(() => this.api.core.readNamespacedService({ name, namespace }));
  }

  replicaSets(): Promise<readonly types.ReplicaSet[]> {
    const { namespace } = this;
    return itemsOf(() => this.api.apps.listNamespacedReplicaSet({ namespace }));
  }

  pods(): Promise<readonly types.Pod[]> {
    const { namespace } = this;
    return itemsOf(() => this.api.core.listNamespacedPod({ namespace }));
  }

  events(): Promise<readonly types.Event[]> {
    const { namespace } = this;
    return itemsOf(() => this.api.core.listNamespacedEvent({ namespace }));
  }

  /** The last lines that a container wrote, of its previous run if asked for. */
  async logLines(
    { pod, container }: { readonly pod: string; readonly container: string },
    { previous, lines }: { readonly previous: boolean; readonly lines: number },
  ): Promise<readonly string[]> {
    const { namespace } = this;
    const request = { name: pod, namespace, container, previous, tailLines: lines };
    const text = await readable(() => this.api.core.readNamespacedPodLog(request));
    return text.split("\n").filter((line) => line.trim() !== "");
  }

  /** Undefined when there is none. */
  autoscaler(name: string): Promise<{ readonly metadata: types.Metadata } | undefined> {
    const { namespace } = this;
    return unlessAbsent(() =>
      this.api.autoscaling.readNamespacedHorizontalPodAutoscaler({ name, namespace }),
    );
  }

  async deleteAutoscaler(name: string): Promise<void> {
    const { namespace } = this;
    await unlessAbsent(() =>
      this.api.autoscaling.deleteNamespacedHorizontalPodAutoscaler({ name, namespace }),
    );
  }
}

/** The library's objects have dates and defaults of their own; this is what the server sent. */
function plain<T>(value: unknown): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** How long one request may take: enough for a busy server, and short enough to notice a dead one. */
const REQUEST_TIMEOUT_MS = 30_000;

/** What the server answers in time; errors say in a line what is wrong. */
export async function readable<T>(request: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    const error = new UnreachableError("the cluster does not answer: a request took too long");
    timer = setTimeout(() => reject(error), REQUEST_TIMEOUT_MS);
  });
  try {
    return await Promise.race([request(), timeout]);
  } catch (error) {
    throw toReadableError(error);
  } finally {
    clearTimeout(timer);
  }
}

async function unlessAbsent<T>(request: () => Promise<unknown>): Promise<T | undefined> {
  try {
    return plain<T>(await readable(request));
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

async function itemsOf<T>(
  request: () => Promise<{ readonly items: readonly unknown[] }>,
): Promise<readonly T[]> {
  return plain<T[]>((await readable(request)).items);
}
