/** The pods' network, on the bridge `cni0`. */
export const POD_NETWORK = "10.244.0.0/24";
/** The bridge's own address, by which pods reach the host. */
export const POD_GATEWAY = "10.244.0.1";
/** Addresses of Services inside the cluster. */
export const SERVICE_NETWORK = "10.96.0.0/16";
/** The API server's address as a Service. */
export const API_SERVICE = "10.96.0.1";
/**
 * The node's and the load balancers' addresses, bound to loopback. The range is set aside for tests
 * of network devices (RFC 2544), so that it hides nothing a host would want to reach.
 */
export const HOST_NETWORK = "198.19.255.0/24";
/** Kubernetes refuses a node on 127.0.0.0/8, so the node has an address of its own on loopback. */
export const NODE_ADDRESS = "198.19.255.1";
/** The node's name. */
export const NODE_NAME = "sandbox";
/** The network's name for the CNI plugins. */
export const CNI_NETWORK = "azureml-aks";
/** The bridge that the CNI plugins make. */
export const POD_BRIDGE = "cni0";
/** The image of every pod's first container. */
export const PAUSE_IMAGE = "azureml-aks-sandbox/pause:2";

/** Addresses that load balancers may get, in the order in which they are given. */
export function loadBalancerAddresses(): string[] {
  return Array.from({ length: 240 }, (_, index) => `198.19.255.${index + 10}`);
}
