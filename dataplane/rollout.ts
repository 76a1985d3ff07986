import type { Deployment } from "./kubernetes/types";
import { numberInput } from "./resourceType";
import { watchedDeployment } from "./rollout/watchedDeployment";
import { watchedType } from "./rollout/watchedType";

/** What tells that a Deployment is still the one that was watched, whatever its number of pods. */
function identityOf({ metadata, spec }: Deployment): string {
  const images = spec.template.spec.containers.map(({ image }) => image);
  return [metadata.uid, ...images].join(" ");
}

/** The pods of a Deployment, once all of them run what it says: making it watches the rollout. */
export const rollout = watchedType<Deployment>({
  nameInput: "deployment",
  content: ["spec", "minReplicas", "maxReplicas"],
  output: "watched",

  watched(cluster, name, inputs) {
    const scale = {
      min: numberInput(inputs, "minReplicas"),
      max: numberInput(inputs, "maxReplicas"),
    };
    return watchedDeployment(cluster, name, scale);
  },

  finish: (ready) => Promise.resolve(identityOf(ready)),

  /** A Deployment that was given another image has to be watched again once it is mended. */
  async current(cluster, name) {
    const live = await cluster.deployment(name);
    return live && identityOf(live);
  },
});
