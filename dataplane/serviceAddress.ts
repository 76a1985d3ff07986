import { untilAnswering } from "./answering";
import type { Cluster } from "./kubernetes/cluster";
import { deletedBySomebody } from "./kubernetes/errors";
import type { Service } from "./kubernetes/types";
import { numberInput, stringInput } from "./resourceType";
import { warningsOf } from "./rollout/report";
import { READY, waiting } from "./rollout/verdict";
import type { Watched } from "./rollout/watch";
import { watchedType, type ObjectName } from "./rollout/watchedType";

function addressOf({ status }: Service): string | undefined {
  const [first] = status?.loadBalancer?.ingress ?? [];
  return first?.ip ?? first?.hostname;
}

function watchedService(cluster: Cluster, { namespace, name }: ObjectName): Watched<Service> {
  return {
    name: `Service ${namespace}/${name}`,
    async look() {
      const seen = await cluster.service(name);
      if (seen === undefined) throw deletedBySomebody(`Service ${namespace}/${name}`);
      const hasAddress = addressOf(seen) !== undefined;
      return {
        seen,
        verdict: hasAddress ? READY : waiting("the load balancer has no address yet"),
      };
    },
    async explain({ metadata }) {
      return warningsOf(metadata.uid, await cluster.events());
    },
  };
}

/** The address that a load balancer gives a Service, once requests to it are answered. */
export const serviceAddress = watchedType<Service>({
  nameInput: "service",
  content: ["spec"],
  output: "address",
  watched: watchedService,

  async finish(ready, inputs, run) {
    const host = addressOf(ready);
    if (host === undefined) throw new Error("the load balancer took its address back");
    const route = { host, port: numberInput(inputs, "port"), path: stringInput(inputs, "path") };
    await untilAnswering(route, run);
    return host;
  },

  /** An address that has changed is looked up anew. */
  async current(cluster, name) {
    const live = await cluster.service(name);
    return live && addressOf(live);
  },
});
