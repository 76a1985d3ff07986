import * as net from "node:net";
import type { Cluster } from "./kubernetes/cluster";
import { deletedBySomebody } from "./kubernetes/errors";
import type { Service } from "./kubernetes/types";
import { numberInput } from "./resourceType";
import { warningsOf } from "./rollout/report";
import { READY, waiting } from "./rollout/verdict";
import type { Watched } from "./rollout/watch";
import { watchedType, type ObjectName } from "./rollout/watchedType";
import type { Run } from "./run";

/**
 * How long a new address is tried. Nodes learn of it seconds after the API server has it; a private one
 * may never be reached from the machine that deploys.
 */
const ANSWER_MS = 15_000;
const PAUSE_MS = 500;

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

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: PAUSE_MS * 4 });
    const end = (isOpen: boolean) => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.on("connect", () => end(true));
    socket.on("timeout", () => end(false));
    socket.on("error", () => end(false));
  });
}

/** Tries the address for a while; one that this machine does not reach is said, and no failure. */
async function untilItAnswers(host: string, port: number, { log, signal }: Run): Promise<void> {
  const end = Date.now() + ANSWER_MS;
  while (!(await accepts(host, port))) {
    if (signal.aborted) return;
    if (Date.now() > end) {
      log.info(`${host}:${port} does not answer to this machine, which may be outside its network`);
      return;
    }
    log.status(`waiting until ${host}:${port} answers`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** The address that a load balancer gives a Service, once it has one. */
export const serviceAddress = watchedType<Service>({
  nameInput: "service",
  content: ["spec"],
  output: "address",
  watched: watchedService,

  async finish(ready, inputs, run) {
    const address = addressOf(ready);
    if (address === undefined) throw new Error("the load balancer took its address back");
    await untilItAnswers(address, numberInput(inputs, "port"), run);
    return address;
  },

  /** An address that has changed is looked up anew. */
  async current(cluster, name) {
    const live = await cluster.service(name);
    return live && addressOf(live);
  },
});
