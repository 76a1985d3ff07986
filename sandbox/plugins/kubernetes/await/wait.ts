import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../../protocol";
import { isNotFound } from "../apiError";
import { retrying } from "../cluster";
import type { Cluster } from "../cluster";
import { annotation, describe, isAnnotatedTrue, referenceOf } from "../object";
import type { KubernetesObject } from "../object";
import { observe, report } from "./observer";
import type { Observation } from "./observer";
import { describeContainer, containersOf, hopelessReason } from "./pods";
import { judgeService } from "./service";
import { hopeless } from "./types";
import type * as types from "./types";
import { judgeDeployment } from "./workloads";

const POLL_MS = 1000;

/** How often pods are looked at, which takes more requests, and the status line is renewed. */
const OBSERVE_EVERY = 3;

/** How often an unchanged status line is repeated, as a sign of life. */
const REPEAT_MS = 15_000;

/** How long the cluster may be out of reach in the middle of a wait. */
const OUTAGE_SECONDS = 30;

export interface WaitOptions {
  cluster: Cluster;
  signal: AbortSignal;
  log: Log;
  /** Seconds; from customTimeouts. Default: the `pulumi.com/timeoutSeconds` annotation, else the kind's own. */
  timeout?: number;
}

/** The object exists but is not ready; `live` is its last known state. */
export class NotReadyError extends Error {
  constructor(
    message: string,
    readonly live: KubernetesObject,
  ) {
    super(message);
    this.name = "NotReadyError";
  }
}

interface Awaiter {
  timeoutSeconds: number;
  hasPods: boolean;
  judge(
    live: KubernetesObject,
    times: types.WaitTimes,
    cluster: Cluster,
  ): types.Verdict | Promise<types.Verdict>;
}

/** The kinds that are waited for; all others are ready once they exist. */
const AWAITERS: Readonly<Record<string, Awaiter>> = {
  Deployment: {
    timeoutSeconds: 600,
    hasPods: true,
    judge: (live, times) => judgeDeployment(live as types.Deployment, times),
  },
  Service: {
    timeoutSeconds: 600,
    hasPods: false,
    judge: async (live, _times, cluster) =>
      judgeService(live as types.Service, await endpointSlices(cluster, live)),
  },
};

function endpointSlices(
  cluster: Cluster,
  { metadata }: KubernetesObject,
): Promise<types.EndpointSlice[]> {
  const kind = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" };
  const labelSelector = `kubernetes.io/service-name=${metadata.name}`;
  return cluster.listObjects(kind, metadata.namespace ?? "default", { labelSelector });
}

/**
 * Waits until the object is ready, and returns it as it then is.
 *
 * @throws NotReadyError when it is not ready in time, or will not become ready at all
 */
export async function awaitReady(
  applied: KubernetesObject,
  options: WaitOptions,
): Promise<KubernetesObject> {
  const awaiter = AWAITERS[applied.kind];
  if (awaiter === undefined || isAnnotatedTrue(applied, "skipAwait")) return applied;
  return new Wait(applied, awaiter, options).run();
}

/** Seconds to wait: customTimeouts, else the annotation, else the default. */
export function timeoutSeconds(
  object: KubernetesObject,
  timeout: number | undefined,
  fallback: number,
): number {
  const annotated = Number(annotation(object, "timeoutSeconds"));
  return timeout ?? (annotated > 0 ? annotated : fallback);
}

class Wait {
  private readonly since = Date.now();
  private readonly seconds: number;
  private live: KubernetesObject;
  private said = { message: "", at: 0 };

  constructor(
    applied: KubernetesObject,
    private readonly awaiter: Awaiter,
    private readonly options: WaitOptions,
  ) {
    this.live = applied;
    this.seconds = timeoutSeconds(applied, options.timeout, awaiter.timeoutSeconds);
  }

  /** A cancelled wait leaves an object that exists and is not known to be ready. */
  async run(): Promise<KubernetesObject> {
    try {
      return await this.untilReady();
    } catch (error) {
      if (!this.options.signal.aborted) throw error;
      const message = `${describe(referenceOf(this.live))}: cancelled while waiting for it`;
      throw new NotReadyError(message, this.live);
    }
  }

  private async untilReady(): Promise<KubernetesObject> {
    const { signal } = this.options;
    for (let round = 0; ; round++) {
      const verdict = await this.reach(() => this.look(round));
      if (verdict.state === "ready") return this.live;
      if (verdict.state === "hopeless") throw await this.failure(verdict.message);
      if (Date.now() - this.since > this.seconds * 1000) {
        throw await this.failure(`not ready after ${this.seconds} s: ${verdict.message}`);
      }
      await delay(POLL_MS, undefined, { signal });
    }
  }

  private async look(round: number): Promise<types.Verdict> {
    const { cluster, log } = this.options;
    this.live = await cluster.get(referenceOf(this.live)).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      throw new NotReadyError("it was deleted while waiting for it", this.live);
    });
    const times = { since: this.since, now: Date.now() };
    const verdict = await this.awaiter.judge(this.live, times, cluster);
    if (verdict.state !== "waiting" || round % OBSERVE_EVERY !== 1) return verdict;
    const observation = await this.observe();
    this.say([verdict.message, ...currentTroubles(observation)].join("; "), log);
    const reasons = observation.pods.map((pod) => hopelessReason(pod, observation.events, times));
    const reason = reasons.find((found) => found !== undefined);
    return reason === undefined ? verdict : hopeless(reason);
  }

  /** Repeats itself only now and then: outside a terminal every status line stays. */
  private say(message: string, log: Log): void {
    if (message === this.said.message && Date.now() - this.said.at < REPEAT_MS) return;
    this.said = { message, at: Date.now() };
    log.status(message);
  }

  private observe(): Promise<Observation> {
    if (!this.awaiter.hasPods) return Promise.resolve({ pods: [], events: [] });
    return observe(this.options.cluster, this.live);
  }

  private reach<T>(action: () => Promise<T>): Promise<T> {
    return retrying(action, OUTAGE_SECONDS, this.options.signal);
  }

  private async failure(message: string): Promise<NotReadyError> {
    const { cluster } = this.options;
    const headline = `${describe(referenceOf(this.live))} did not become ready: ${message}`;
    const reasons = await this.reach(async () =>
      report(cluster, this.live, await observe(cluster, this.live)),
    ).catch((error: unknown) => [`its pods and events cannot be read: ${String(error)}`]);
    return new NotReadyError([headline, ...reasons].join("\n"), this.live);
  }
}

/** One line for the status row: what pods are waiting for. */
function currentTroubles({ pods }: Observation): string[] {
  const lines = pods.flatMap((pod) =>
    containersOf(pod)
      .flatMap((container) => describeContainer(container).slice(0, 1))
      .map((line) => `${pod.metadata.name}: ${line}`),
  );
  return lines.slice(0, 2);
}
