import * as net from "node:net";
import type { Inputs } from "@pulumi/pulumi";
import { Cluster } from "./kubernetes/cluster";
import { isStillThere } from "./kubernetes/errors";
import type { Service } from "./kubernetes/types";
import { numberInput, stringInput, type ResourceType } from "./resourceType";
import { warningsOf } from "./rollout/report";
import { READY, waiting } from "./rollout/verdict";
import { watch, type Watched } from "./rollout/watch";
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

function watchedService(
  cluster: Cluster,
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Watched<Service> {
  return {
    name: `Service ${namespace}/${name}`,
    async look() {
      const seen = await cluster.service(name);
      if (seen === undefined) {
        throw new Error(
          `Service ${namespace}/${name} was deleted by somebody; ` +
            "run `pulumi up --refresh`, which makes it anew",
        );
      }
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

async function findAddress(inputs: Inputs, run: Run): Promise<Inputs> {
  const name = {
    namespace: stringInput(inputs, "namespace"),
    name: stringInput(inputs, "service"),
  };
  const cluster = await Cluster.connect(inputs, name.namespace);
  const timeoutSeconds = numberInput(inputs, "timeoutSeconds");
  const address = addressOf(await watch(watchedService(cluster, name), { timeoutSeconds, ...run }));
  if (address === undefined) throw new Error("the load balancer took its address back");
  await untilItAnswers(address, numberInput(inputs, "port"), run);
  return { ...inputs, address };
}

/** The address that a load balancer gives a Service, once it has one. */
export const serviceAddress: ResourceType = {
  identity: ["namespace", "service"],
  content: ["spec"],
  computed: ["address"],

  async create(inputs, run) {
    const id = `${stringInput(inputs, "namespace")}/${stringInput(inputs, "service")}`;
    return { id, outs: await findAddress(inputs, run) };
  },

  async update(inputs, _state, run) {
    return { outs: await findAddress(inputs, run) };
  },

  /** An address that has changed is looked up anew. */
  async exists(state) {
    const cluster = await Cluster.connect(state, stringInput(state, "namespace"));
    return isStillThere(async () => {
      const live = await cluster.service(stringInput(state, "service"));
      return live !== undefined && addressOf(live) === state.address;
    });
  },

  // The address goes with its Service.
  delete: () => Promise.resolve(),
};
