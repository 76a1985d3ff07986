import type { Cluster } from "../kubernetes/cluster";
import { deletedBySomebody } from "../kubernetes/errors";
import type { Deployment } from "../kubernetes/types";
import { judgeDeployment, type Scale } from "./deployment";
import { hopelessReason, lastEvent, troublesOf } from "./pods";
import { observe, report } from "./report";
import { hopeless, waiting, type Verdict, type WatchTimes } from "./verdict";
import type { Watched } from "./watch";
import type { ObjectName } from "./watchedType";

/** How often pods and events are looked at, which takes three more requests. */
const OBSERVE_EVERY = 3;

/** A Deployment whose newest pods become ready. */
export function watchedDeployment(
  cluster: Cluster,
  name: ObjectName,
  scale: Scale,
): Watched<Deployment> {
  // What was last seen of the pods stands in the lines between two looks at them.
  let details: readonly string[] = [];

  const look = async (deployment: Deployment, times: WatchTimes, round: number) => {
    const verdict = judgeDeployment(deployment, scale, times);
    if (verdict.state !== "waiting") return verdict;
    if (round % OBSERVE_EVERY === 1) {
      const { pods, events } = await observe(cluster, deployment);
      for (const pod of pods) {
        const reason = hopelessReason(pod, events, times);
        if (reason !== undefined) return hopeless(reason);
      }
      details = [...troublesOf(pods), ...lastEvent(pods, events)];
    }
    return waiting([verdict.message, ...details].join("; "));
  };

  const about = `Deployment ${name.namespace}/${name.name}`;
  return {
    name: `rollout of ${about}`,
    async look(times, round): Promise<{ verdict: Verdict; seen: Deployment }> {
      const deployment = await cluster.deployment(name.name);
      if (deployment === undefined) throw deletedBySomebody(about);
      return { verdict: await look(deployment, times, round), seen: deployment };
    },
    async explain(deployment) {
      return report(cluster, deployment, await observe(cluster, deployment));
    },
  };
}
