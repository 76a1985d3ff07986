import type { Cluster } from "../kubernetes/cluster";
import type { Deployment } from "../kubernetes/types";
import { judgeDeployment, type Scale } from "./deployment";
import { hopelessReason, lastEvent, troublesOf } from "./pods";
import { observe, report } from "./report";
import { hopeless, waiting, type Verdict, type WatchTimes } from "./verdict";
import type { Watched } from "./watch";

/** How often pods and events are looked at, which takes three more requests. */
const OBSERVE_EVERY = 3;

/** A Deployment whose newest pods become ready. */
export function watchedDeployment(
  cluster: Cluster,
  name: { readonly namespace: string; readonly name: string },
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

  return {
    name: `rollout of Deployment ${name.namespace}/${name.name}`,
    async look(times, round): Promise<{ verdict: Verdict; seen: Deployment }> {
      const deployment = await cluster.deployment(name.name);
      if (deployment === undefined) {
        throw new Error(
          `Deployment ${name.namespace}/${name.name} was deleted by somebody; ` +
            "run `pulumi up --refresh`, which makes it anew",
        );
      }
      return { verdict: await look(deployment, times, round), seen: deployment };
    },
    async explain(deployment) {
      return report(cluster, deployment, await observe(cluster, deployment));
    },
  };
}
