import type { ContainerState, ContainerStatus, Event, Pod } from "../kubernetes/types";
import type { WatchTimes } from "./verdict";

/**
 * Restarts after which another is not expected to help. A container that has ended twice on one image
 * and one configuration will end again: the kubelet pauses from then on.
 */
const HOPELESS_RESTARTS = 1;

/** Refused pulls after which another is not expected to help: a new role assignment may need a moment. */
const HOPELESS_PULLS = 3;

/** A Secret or ConfigMap that a container needs may be created beside it; not later than this. */
const CONFIGURATION_GRACE_MS = 20_000;

/** Time for a node to become free, or for the autoscaler of nodes to say that it adds one. */
const SCHEDULING_GRACE_MS = 60_000;

/** Time within which an autoscaler of nodes that adds none now may still change its mind. */
const REFUSED_SCALE_UP_GRACE_MS = 15_000;

const PULL_REASONS = new Set(["ImagePullBackOff", "ErrImagePull"]);
const CONFIGURATION_REASONS = new Set(["CreateContainerConfigError", "CreateContainerError"]);
const INVALID_IMAGE_REASONS = new Set(["InvalidImageName", "ErrImageNeverPull"]);

/** How a registry says that asking again will not help. */
const PULL_REFUSED =
  /\b(401|403|404)\b|unauthorized|forbidden|denied|not ?found|manifest unknown|authentication required/i;

export function containersOf({ status }: Pod): readonly ContainerStatus[] {
  return [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
}

export function isPodReady({ status }: Pod): boolean {
  return (status?.conditions ?? []).some(
    ({ type, status: value }) => type === "Ready" && value === "True",
  );
}

function eventTime(event: Event): number {
  const time = event.series?.lastObservedTime ?? event.lastTimestamp ?? event.eventTime;
  return Date.parse(time ?? event.firstTimestamp ?? "") || 0;
}

function eventsOf(pod: Pod, events: readonly Event[]): Event[] {
  return events
    .filter(({ involvedObject }) => involvedObject?.uid === pod.metadata.uid)
    .sort((left, right) => eventTime(left) - eventTime(right));
}

/** Why the pod will not become ready by waiting longer; undefined if it may. */
export function hopelessReason(
  pod: Pod,
  events: readonly Event[],
  times: WatchTimes,
): string | undefined {
  const own = eventsOf(pod, events);
  const started = startOf(pod, times.since);
  const reasons = containersOf(pod).map((container) =>
    containerHopeless(container, own, { ...times, started }),
  );
  return (
    reasons.find((reason) => reason !== undefined) ??
    missingVolume(own, times) ??
    unschedulable(pod, own, times)
  );
}

function startOf({ metadata, status }: Pod, since: number): number {
  const start = Date.parse(status?.startTime ?? metadata.creationTimestamp ?? "") || since;
  return Math.max(start, since);
}

function containerHopeless(
  container: ContainerStatus,
  events: readonly Event[],
  { since, now, started }: WatchTimes & { started: number },
): string | undefined {
  const { waiting } = container.state ?? {};
  const reason = waiting?.reason ?? "";
  const about = `container "${container.name}"`;
  if (INVALID_IMAGE_REASONS.has(reason)) return `${about}: ${waiting?.message ?? reason}`;
  if (PULL_REASONS.has(reason)) return pullRefused(container, events, since);
  if (CONFIGURATION_REASONS.has(reason) && now - started > CONFIGURATION_GRACE_MS) {
    return `${about}: ${reason}: ${waiting?.message ?? ""}`;
  }
  const restarts = container.restartCount ?? 0;
  if (restarts >= HOPELESS_RESTARTS && hasEnded(container, since)) {
    return `${about} ended ${restarts + 1} times`;
  }
  return undefined;
}

/** Whether it has ended again. Between two runs it is reported as ended, or as waiting for the next. */
function hasEnded({ state, lastState }: ContainerStatus, since: number): boolean {
  if (state?.running) return false;
  const isDone = state?.terminated?.exitCode === 0;
  const last = state?.terminated ?? lastState?.terminated;
  return last !== undefined && !isDone && Date.parse(last.finishedAt ?? "") >= since;
}

/** A volume of a Secret or ConfigMap that does not exist keeps the pod from starting. */
function missingVolume(events: readonly Event[], { since, now }: WatchTimes): string | undefined {
  const failure = events.findLast(
    (event) =>
      event.reason === "FailedMount" &&
      /(secret|configmap) "[^"]+" not found/.test(event.message ?? "") &&
      eventTime(event) >= since,
  );
  const first = Math.max(since, Date.parse(failure?.firstTimestamp ?? "") || since);
  return now - first > CONFIGURATION_GRACE_MS ? failure?.message : undefined;
}

function pullRefused(
  { name, image }: ContainerStatus,
  events: readonly Event[],
  since: number,
): string | undefined {
  const refusals = events.filter(
    (event) =>
      /Failed to pull image/.test(event.message ?? "") &&
      PULL_REFUSED.test(event.message ?? "") &&
      eventTime(event) >= since,
  );
  const tries = refusals.reduce((sum, { count, series }) => sum + (series?.count ?? count ?? 1), 0);
  if (tries < HOPELESS_PULLS) return undefined;
  return `container "${name}": image ${image ?? ""} cannot be pulled, refused ${tries} times`;
}

function unschedulable(
  pod: Pod,
  events: readonly Event[],
  { since, now }: WatchTimes,
): string | undefined {
  const condition = pod.status?.conditions?.find(({ type }) => type === "PodScheduled");
  if (condition?.status !== "False" || condition.reason !== "Unschedulable") return undefined;
  if (events.some(({ reason }) => reason === "TriggeredScaleUp")) return undefined;
  const start = Math.max(since, Date.parse(condition.lastTransitionTime ?? "") || since);
  const isRefused = events.some(({ reason }) => reason === "NotTriggerScaleUp");
  const grace = isRefused ? REFUSED_SCALE_UP_GRACE_MS : SCHEDULING_GRACE_MS;
  if (now - start < grace) return undefined;
  return `no node takes the pod: ${condition.message ?? "unschedulable"}`;
}

const TROUBLES_IN_LINE = 2;

/** What containers are waiting for, in a few words each. */
export function troublesOf(pods: readonly Pod[]): readonly string[] {
  return pods
    .flatMap((pod) =>
      containersOf(pod)
        .flatMap((container) => describeContainer(container).slice(0, 1))
        .map((line) => `${pod.metadata.name}: ${line}`),
    )
    .slice(0, TROUBLES_IN_LINE);
}

/** The latest event of the pods; none before there is one. */
export function lastEvent(pods: readonly Pod[], events: readonly Event[]): readonly string[] {
  const uids = pods.map(({ metadata }) => metadata.uid);
  const latest = events
    .filter(({ involvedObject }) => uids.includes(involvedObject?.uid ?? ""))
    .reduce<Event | undefined>(
      (last, event) => (last === undefined || eventTime(event) >= eventTime(last) ? event : last),
      undefined,
    );
  return latest === undefined ? [] : [`last event ${latest.reason}: ${latest.message?.trim()}`];
}

/** Why a pod is not ready, a line each: containers, then conditions, then warnings. */
export function describePod(pod: Pod, events: readonly Event[]): string[] {
  const lines = [`Pod ${pod.metadata.name} (${pod.status?.phase ?? "no status"}):`];
  for (const container of containersOf(pod)) {
    lines.push(...describeContainer(container).map((line) => `  ${line}`));
  }
  for (const condition of pod.status?.conditions ?? []) {
    if (condition.type === "PodScheduled" && condition.status === "False") {
      lines.push(`  ${condition.reason}: ${condition.message}`);
    }
  }
  for (const { reason, message, count, series } of tellingWarnings(eventsOf(pod, events))) {
    const times = series?.count ?? count ?? 1;
    lines.push(`  event ${reason}${times > 1 ? ` (x${times})` : ""}: ${message?.trim()}`);
  }
  return lines;
}

/** Warnings that are no cause of anything, or say again what a container's state says. */
const IDLE_WARNINGS = /^(MissingClusterDNS|DNSConfigForming) |^Failed Error: \w+$/;

const WARNINGS_IN_REPORT = 5;

/** The last warning of each sort. */
function tellingWarnings(events: readonly Event[]): Event[] {
  const warnings = new Map<string, Event>();
  for (const event of events.filter(({ type }) => type === "Warning")) {
    const text = `${event.reason} ${event.message}`;
    if (!IDLE_WARNINGS.test(text)) warnings.set(text.split(" ", 3).join(" "), event);
  }
  return [...warnings.values()].slice(-WARNINGS_IN_REPORT);
}

/** The state of a container that is not ready; nothing for one that is fine. */
export function describeContainer(container: ContainerStatus): string[] {
  const { state, lastState, ready, restartCount } = container;
  const isFinished = state?.terminated?.exitCode === 0;
  if (ready || isFinished) return [];
  const about = `container "${container.name}"`;
  const lines = [`${about}: ${describeState(state)}`];
  const last = state?.terminated ? undefined : lastState?.terminated;
  if (last) lines.push(`${about} before: ${describeState({ terminated: last })}`);
  if (restartCount) lines.push(`${about} restarted ${restartCount} times`);
  return lines;
}

function describeState(state: ContainerState | undefined): string {
  if (state?.waiting) {
    const { reason = "waiting", message } = state.waiting;
    return message ? `${reason}: ${message}` : reason;
  }
  if (state?.terminated) {
    const { exitCode, reason, message, signal } = state.terminated;
    const how = signal ? `ended by signal ${signal}` : `exit code ${exitCode}`;
    return [`${how}${reason ? ` (${reason})` : ""}`, message?.trim()].filter(Boolean).join(": ");
  }
  return state?.running ? "running, but not ready" : "no state reported";
}
