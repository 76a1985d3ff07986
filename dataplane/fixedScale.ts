import { Cluster } from "./kubernetes/cluster";
import { stringInput, type ResourceType } from "./resourceType";

const OURS = { "app.kubernetes.io/managed-by": "azureml-aks" };

/**
 * That no autoscaler of ours moves a Deployment whose number of pods is fixed. Pulumi deletes what a
 * program no longer has after everything else, and until then the autoscaler would bring the new number
 * of pods back within its old bounds; so it is deleted here, before the Deployment is changed.
 */
export const fixedScale: ResourceType = {
  identity: ["namespace", "deployment"],
  content: [],

  async create(inputs) {
    const name = stringInput(inputs, "deployment");
    const cluster = await Cluster.connect(inputs);
    const autoscaler = await cluster.autoscaler(name);
    const labels = Object.entries(OURS);
    if (labels.every(([label, value]) => autoscaler?.metadata.labels?.[label] === value)) {
      await cluster.deleteAutoscaler(name);
    }
    return { id: `${stringInput(inputs, "namespace")}/${name}`, outs: inputs };
  },

  exists: () => Promise.resolve(true),

  // Whether there is an autoscaler again is for the program to say.
  delete: () => Promise.resolve(),
};
