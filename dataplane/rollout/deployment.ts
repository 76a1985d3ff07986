import type { Condition, Deployment } from "../kubernetes/types";
import { hopeless, READY, waiting } from "./verdict";
import type { Verdict, WatchTimes } from "./verdict";

/** A refusal to create pods may be the moment between two objects of one deployment; not for longer than this. */
const REPLICA_FAILURE_GRACE_MS = 10_000;

/** Fewest and most pods that there may be. */
export interface Scale {
  readonly min: number;
  readonly max: number;
}

function conditionOf(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/**
 * Whether as many pods as there have to be run the current template and are available, and no older ones
 * are left.
 */
export function judgeDeployment(
  { metadata, spec, status = {} }: Deployment,
  { min, max }: Scale,
  times: WatchTimes,
): Verdict {
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    return waiting("the Deployment controller has not seen the change yet");
  }
  const failure = deploymentFailure(status.conditions, times);
  if (failure !== undefined) return hopeless(failure);
  const { replicas: wanted = 1 } = spec;
  const { updatedReplicas: updated = 0, availableReplicas: available = 0, replicas = 0 } = status;
  if (wanted < min) return waiting(`${wanted} of at least ${min} pods asked for`);
  if (wanted > max) return waiting(`${wanted} of at most ${max} pods asked for`);
  if (updated < wanted) return waiting(`${updated} of ${wanted} new pods created`);
  if (replicas > updated) return waiting(`${replicas - updated} old pods still running`);
  if (available < updated) return waiting(`${available} of ${wanted} new pods ready`);
  return READY;
}

/** A failure from before the watch began may have been repaired by what is being deployed. */
function deploymentFailure(
  conditions: readonly Condition[] | undefined,
  { since, now }: WatchTimes,
): string | undefined {
  const progressing = conditionOf(conditions, "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded" && changedAt(progressing) >= since) {
    return progressing.message ?? "the progress deadline is exceeded";
  }
  const failure = conditionOf(conditions, "ReplicaFailure");
  if (failure?.status !== "True") return undefined;
  if (now - Math.max(since, changedAt(failure)) < REPLICA_FAILURE_GRACE_MS) return undefined;
  return `pods cannot be created: ${failure.message ?? failure.reason ?? "no reason given"}`;
}

/** Times in the cluster have whole seconds; a change within the second the watch began counts as new. */
function changedAt({ lastTransitionTime }: Condition): number {
  return Date.parse(lastTransitionTime ?? "") + 999 || 0;
}
