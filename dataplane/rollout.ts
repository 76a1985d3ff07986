import type { Inputs } from "@pulumi/pulumi";
import { Cluster } from "./kubernetes/cluster";
import { isStillThere } from "./kubernetes/errors";
import type { Deployment } from "./kubernetes/types";
import { numberInput, stringInput, type ResourceType } from "./resourceType";
import { watch } from "./rollout/watch";
import { watchedDeployment } from "./rollout/watchedDeployment";
import type { Run } from "./run";

/** What tells that a Deployment is still the one that was watched, whatever its number of pods. */
function identityOf({ metadata, spec }: Deployment): string {
  const images = spec.template.spec.containers.map(({ image }) => image);
  return [metadata.uid, ...images].join(" ");
}

async function watchPods(inputs: Inputs, run: Run): Promise<Inputs> {
  const namespace = stringInput(inputs, "namespace");
  const cluster = await Cluster.connect(inputs, namespace);
  const name = { namespace, name: stringInput(inputs, "deployment") };
  const scale = {
    min: numberInput(inputs, "minReplicas"),
    max: numberInput(inputs, "maxReplicas"),
  };
  const timeoutSeconds = numberInput(inputs, "timeoutSeconds");
  const ready = await watch(watchedDeployment(cluster, name, scale), { timeoutSeconds, ...run });
  return { ...inputs, watched: identityOf(ready) };
}

/**
 * The pods of a Deployment, once all of them run what it says. Making it watches the rollout: a watch
 * that fails is not kept in the state, so that the next `up` watches again.
 */
export const rollout: ResourceType = {
  identity: ["namespace", "deployment"],
  content: ["spec", "minReplicas", "maxReplicas"],
  computed: ["watched"],

  async create(inputs, run) {
    const id = `${stringInput(inputs, "namespace")}/${stringInput(inputs, "deployment")}`;
    return { id, outs: await watchPods(inputs, run) };
  },

  async update(inputs, _state, run) {
    return { outs: await watchPods(inputs, run) };
  },

  /** A Deployment that was deleted or given another image has to be watched again once it is mended. */
  async exists(state) {
    const cluster = await Cluster.connect(state, stringInput(state, "namespace"));
    return isStillThere(async () => {
      const live = await cluster.deployment(stringInput(state, "deployment"));
      return live !== undefined && identityOf(live) === state.watched;
    });
  },

  // The pods go with their Deployment.
  delete: () => Promise.resolve(),
};
