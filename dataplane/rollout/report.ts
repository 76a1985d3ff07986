import type { Cluster } from "../kubernetes/cluster";
import { statusOf } from "../kubernetes/errors";
import type { ContainerStatus, Deployment, Event, Pod, ReplicaSet } from "../kubernetes/types";
import { containersOf, describePod, isPodReady } from "./pods";

const REVISION = "deployment.kubernetes.io/revision";
const LOG_LINES = 20;
const PODS_IN_REPORT = 3;
const WARNINGS_IN_REPORT = 5;

/** What the cluster tells about the pods of a Deployment. */
export interface Observation {
  readonly pods: readonly Pod[];
  readonly events: readonly Event[];
}

function isOwnedBy({ metadata }: Pod | ReplicaSet, uid: string | undefined): boolean {
  return (metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
}

/** Events and logs help to explain; who may not read them has to do without. */
async function ifAllowed<T>(request: Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await request;
  } catch (error) {
    // A container that never ran has no log, which the server reports as a bad request.
    if ([400, 403, 404].includes(statusOf(error) ?? 0)) return [];
    throw error;
  }
}

/** The pods of the newest revision, and all events of the namespace. */
export async function observe(cluster: Cluster, deployment: Deployment): Promise<Observation> {
  const [pods, events, sets] = await Promise.all([
    cluster.pods(),
    ifAllowed(cluster.events()),
    cluster.replicaSets(),
  ]);
  const { metadata } = deployment;
  const revision = metadata.annotations?.[REVISION];
  const newest = sets.find(
    (set) => isOwnedBy(set, metadata.uid) && set.metadata.annotations?.[REVISION] === revision,
  );
  const own = pods.filter((pod) => isOwnedBy(pod, newest?.metadata.uid));
  return { pods: own.filter((pod) => !pod.metadata.deletionTimestamp), events };
}

/** Warnings about one object, the latest ones. */
export function warningsOf(uid: string, events: readonly Event[]): readonly string[] {
  return events
    .filter(({ type, involvedObject }) => type === "Warning" && involvedObject?.uid === uid)
    .slice(-WARNINGS_IN_REPORT)
    .map(({ reason, message }) => `event ${reason}: ${message?.trim()}`);
}

/** Why the pods are not ready, as far as they and their events tell: what a user would look up next. */
export async function report(
  cluster: Cluster,
  { metadata }: Deployment,
  { pods, events }: Observation,
): Promise<readonly string[]> {
  const unready = pods.filter((pod) => !isPodReady(pod));
  const shown = await Promise.all(
    unready
      .slice(0, PODS_IN_REPORT)
      .map(async (pod) => [...describePod(pod, events), ...(await podLogs(cluster, pod))]),
  );
  const more = unready.length - PODS_IN_REPORT;
  return [
    ...shown.flat(),
    ...(more > 0 ? [`and ${more} more pods that are not ready`] : []),
    ...warningsOf(metadata.uid, events),
  ];
}

async function podLogs(cluster: Cluster, pod: Pod): Promise<readonly string[]> {
  const failing = containersOf(pod).filter(
    ({ ready, state }) => !ready && state?.terminated?.exitCode !== 0,
  );
  const logs = await Promise.all(
    failing.map((container) => containerLogs(cluster, pod, container)),
  );
  return logs.flat();
}

/** What a container that runs again says now is not why it failed: that is in the log of its previous run. */
async function containerLogs(
  cluster: Cluster,
  pod: Pod,
  { name, state, restartCount }: ContainerStatus,
): Promise<readonly string[]> {
  const runs = state?.running && restartCount ? [true, false] : [false];
  const logs: string[] = [];
  for (const previous of runs) {
    const target = { pod: pod.metadata.name, container: name };
    const lines = await ifAllowed(cluster.logLines(target, { previous, lines: LOG_LINES }));
    if (lines.length === 0) continue;
    logs.push(`  last log lines of "${name}"${previous ? " before it restarted" : ""}:`);
    logs.push(...lines.map((line) => `    ${line}`));
  }
  return logs;
}
