import { HOST_NETWORK, loadBalancerAddresses } from "./addresses";

/** What of a Service decides about its address. */
export interface ServiceView {
  namespace: string;
  name: string;
  type: string | undefined;
  /** What the Service asks for (`spec.loadBalancerIP`). */
  wanted: string | undefined;
  /** What its status shows. */
  shown: string | undefined;
}

/** A change to the cluster's Services. */
export interface Assignment {
  namespace: string;
  name: string;
  /** The new address; undefined removes the old one from the status. */
  address: string | undefined;
}

/** Every address in use, and the changes that bring all Services' statuses up to date. */
export interface Plan {
  bound: string[];
  changes: Assignment[];
}

/**
 * Gives each Service of type LoadBalancer an address of its own. One that has a good address keeps it;
 * a Service of another type loses the address that it had.
 */
export function plan(services: ServiceView[]): Plan {
  const available = loadBalancerAddresses();
  const taken = new Set<string>();
  const changes: Assignment[] = [];
  const waiting: ServiceView[] = [];
  for (const service of services) {
    const shown = service.shown;
    if (service.type !== "LoadBalancer") {
      if (shown !== undefined) changes.push(change(service, undefined));
    } else if (shown !== undefined && available.includes(shown) && !taken.has(shown)) {
      taken.add(shown);
    } else {
      waiting.push(service);
    }
  }
  for (const service of waiting) {
    const free = available.filter((address) => !taken.has(address));
    const { wanted } = service;
    const address = wanted !== undefined && free.includes(wanted) ? wanted : free[0];
    if (address === undefined) {
      throw new Error(`no address of ${HOST_NETWORK} is free for another load balancer`);
    }
    taken.add(address);
    changes.push(change(service, address));
  }
  return { bound: [...taken], changes };
}

function change({ namespace, name }: ServiceView, address: string | undefined): Assignment {
  return { namespace, name, address };
}
