import type { Cluster } from "../cluster";
import type { KubernetesObject } from "../object";
import { containersOf, describePod, isPodReady } from "./pods";
import type { ContainerStatus, Event, Pod, ReplicaSet } from "./types";

const REVISION = "deployment.kubernetes.io/revision";
const LOG_LINES = 20;
const PODS_IN_REPORT = 3;

/** What the cluster tells about the pods behind an object. */
export interface Observation {
  pods: Pod[];
  events: Event[];
}

function isOwnedBy({ metadata }: Pod | ReplicaSet, uid: string | undefined): boolean {
  return (metadata.ownerReferences ?? []).some((owner) => owner.uid === uid);
}

/** The pods of the newest revision, and all events of the namespace. */
export async function observe(cluster: Cluster, object: KubernetesObject): Promise<Observation> {
  const { namespace = "default", uid } = object.metadata;
  const [pods, events, owner] = await Promise.all([
    cluster.listObjects<Pod>({ apiVersion: "v1", kind: "Pod" }, namespace),
    cluster.listObjects<Event>({ apiVersion: "v1", kind: "Event" }, namespace),
    object.kind === "Deployment" ? newestReplicaSet(cluster, object) : Promise.resolve(uid),
  ]);
  const own = pods.filter((pod) => pod.metadata.uid === uid || isOwnedBy(pod, owner));
  return { pods: own.filter(({ metadata }) => !metadata.deletionTimestamp), events };
}

async function newestReplicaSet(
  cluster: Cluster,
  { metadata }: KubernetesObject,
): Promise<string | undefined> {
  const kind = { apiVersion: "apps/v1", kind: "ReplicaSet" };
  const sets = await cluster.listObjects<ReplicaSet>(kind, metadata.namespace ?? "default");
  const revision = metadata.annotations?.[REVISION];
  const newest = sets.find(
    (set) => isOwnedBy(set, metadata.uid) && set.metadata.annotations?.[REVISION] === revision,
  );
  return newest?.metadata.uid;
}

/** Why the object is not ready, as far as its pods and events tell: what a user would look up next. */
export async function report(
  cluster: Cluster,
  object: KubernetesObject,
  { pods, events }: Observation,
): Promise<string[]> {
  const lines: string[] = [];
  const unready = pods.filter((pod) => !isPodReady(pod));
  for (const pod of unready.slice(0, PODS_IN_REPORT)) {
    lines.push(...describePod(pod, events), ...(await podLogs(cluster, pod)));
  }
  const more = unready.length - PODS_IN_REPORT;
  if (more > 0) lines.push(`and ${more} more pods that are not ready`);
  const own = events.filter(({ involvedObject }) => involvedObject?.uid === object.metadata.uid);
  for (const { type, reason, message } of own
    .filter((event) => event.type === "Warning")
    .slice(-5)) {
    lines.push(`${type} ${reason}: ${message?.trim()}`);
  }
  return lines;
}

async function podLogs(cluster: Cluster, pod: Pod): Promise<string[]> {
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
): Promise<string[]> {
  const runs = state?.running && restartCount ? [true, false] : [false];
  const logs: string[] = [];
  for (const previous of runs) {
    const target = { name: pod.metadata.name, namespace: pod.metadata.namespace, container: name };
    // A container that never ran has no log, which the server reports as an error.
    const read = cluster.logLines(target, { previous, lines: LOG_LINES }).catch(() => []);
    const lines = await read;
    if (lines.length === 0) continue;
    logs.push(`  last log lines of "${name}"${previous ? " before it restarted" : ""}:`);
    logs.push(...lines.map((line) => `    ${line}`));
  }
  return logs;
}
