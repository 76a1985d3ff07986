import type { KubernetesObject } from "../object";
import { hopeless, READY, waiting } from "./types";
import type { Condition, Deployment, Verdict, WaitTimes } from "./types";

/** A refusal to create pods may be the moment between two objects of one deployment; not for longer than this. */
const REPLICA_FAILURE_GRACE_MS = 10_000;

function conditionOf(conditions: Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

function isObserved(object: KubernetesObject, observed: number | undefined): boolean {
  return (observed ?? 0) >= (object.metadata.generation ?? 0);
}

/** Whether all replicas run the current template and are available, and no older ones are left. */
export function judgeDeployment(deployment: Deployment, times: WaitTimes): Verdict {
  const { spec, status } = deployment;
  if (spec.paused) return READY;
  if (status === undefined || !isObserved(deployment, status.observedGeneration)) {
    return waiting("the Deployment controller has not seen the change yet");
  }
  const failure = deploymentFailure(status.conditions, times);
  if (failure !== undefined) return hopeless(failure);
  const wanted = spec.replicas ?? 1;
  const { updatedReplicas: updated = 0, availableReplicas: available = 0, replicas = 0 } = status;
  if (updated < wanted) return waiting(`${updated} of ${wanted} new replicas created`);
  if (replicas > updated) return waiting(`${replicas - updated} old replicas still running`);
  if (available < updated) return waiting(`${available} of ${updated} replicas available`);
  return READY;
}

/** A failure from before the wait began may have been repaired by what is being deployed. */
function deploymentFailure(
  conditions: Condition[] | undefined,
  { since, now }: WaitTimes,
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

/** Times in the cluster have whole seconds; a change within the second the wait began counts as new. */
function changedAt({ lastTransitionTime }: Condition): number {
  return Date.parse(lastTransitionTime ?? "") + 999 || 0;
}
