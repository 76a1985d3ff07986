import { CoreV1Api, KubeConfig, makeInformer, type V1Service } from "@kubernetes/client-node";
import { run } from "../host/command";
import { loopbackAddresses } from "../host/network";
import { messageOf } from "../host/sandboxError";
import { HOST_NETWORK, NODE_ADDRESS } from "./addresses";
import { plan, type Assignment, type ServiceView } from "./loadBalancers";
import { adminKubeconfig } from "./paths";

/** Milliseconds after which a failed attempt or a broken watch is tried again. */
const RETRY = 1_000;

/** Assigns addresses to Services of type LoadBalancer: on a cloud the cloud's controller does. */
class LoadBalancerController {
  readonly #api: CoreV1Api;
  readonly #services = new Map<string, V1Service>();
  readonly #informer;
  #running = false;
  #again = false;

  constructor(config: KubeConfig) {
    const api = config.makeApiClient(CoreV1Api);
    this.#api = api;
    const list = () => api.listServiceForAllNamespaces();
    this.#informer = makeInformer(config, "/api/v1/services", list);
    this.#informer.on("add", (service) => this.#keep(service));
    this.#informer.on("update", (service) => this.#keep(service));
    this.#informer.on("delete", (service) => this.#forget(service));
    this.#informer.on("error", (error: unknown) => {
      console.error(`watch: ${messageOf(error)}`);
      setTimeout(() => this.start(), RETRY);
    });
  }

  start(): void {
    this.#informer.start().catch((error: unknown) => {
      console.error(`list: ${messageOf(error)}`);
      setTimeout(() => this.start(), RETRY);
    });
    this.#reconcile();
  }

  #keep(service: V1Service): void {
    this.#services.set(keyOf(service), service);
    this.#reconcile();
  }

  #forget(service: V1Service): void {
    this.#services.delete(keyOf(service));
    this.#reconcile();
  }

  /** One pass at a time; what happens meanwhile causes one more. */
  #reconcile(): void {
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    this.#passes()
      .catch((error: unknown) => {
        console.error(`assign: ${messageOf(error)}`);
        setTimeout(() => this.#reconcile(), RETRY);
      })
      .finally(() => (this.#running = false));
  }

  async #passes(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      const { bound, changes } = plan([...this.#services.values()].map(viewOf));
      // An address must answer before it is shown, and must not be shown when it no longer does.
      const shown = changes.filter(({ address }) => address !== undefined);
      await bindExactly(bound);
      for (const one of [...changes.filter((c) => c.address === undefined), ...shown]) {
        await this.#apply(one);
      }
    }
  }

  async #apply({ namespace, name, address }: Assignment): Promise<void> {
    const ingress = address === undefined ? [] : [{ ip: address, ipMode: "VIP" }];
    // The name's last state decides: a Service deleted meanwhile needs no address.
    const service = await this.#api.readNamespacedServiceStatus({ namespace, name });
    const status = { ...service.status, loadBalancer: { ingress } };
    await this.#api.replaceNamespacedServiceStatus({
      namespace,
      name,
      body: { ...service, status },
    });
    console.log(`${namespace}/${name}: ${address ?? "no address"}`);
  }
}

function keyOf({ metadata }: V1Service): string {
  return `${metadata?.namespace ?? ""}/${metadata?.name ?? ""}`;
}

function viewOf(service: V1Service): ServiceView {
  return {
    namespace: service.metadata?.namespace ?? "",
    name: service.metadata?.name ?? "",
    type: service.spec?.type,
    wanted: service.spec?.loadBalancerIP,
    shown: service.status?.loadBalancer?.ingress?.[0]?.ip,
  };
}

/** Binds these addresses to loopback and no other of the range but the node's. */
async function bindExactly(addresses: string[]): Promise<void> {
  const wanted = [NODE_ADDRESS, ...addresses].map((address) => `${address}/32`);
  const bound = await loopbackAddresses(HOST_NETWORK);
  for (const address of bound.filter((one) => !wanted.includes(one))) {
    await run("ip", ["address", "delete", address, "dev", "lo"]);
  }
  for (const address of wanted.filter((one) => !bound.includes(one))) {
    await run("ip", ["address", "add", address, "dev", "lo"]);
  }
}

const config = new KubeConfig();
config.loadFromFile(adminKubeconfig);
new LoadBalancerController(config).start();
