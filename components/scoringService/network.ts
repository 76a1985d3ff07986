import type * as inputs from "@pulumi/kubernetes/types/input";
import type { Exposure, ServiceConfig } from "./config";
import { selectorLabels } from "./labels";
import { PORTS } from "./server";

/** Port of the Service. */
export const SERVICE_PORT = 80;

/** Address of the machine's metadata service, from which a pod could get its node's identity. */
const METADATA_SERVICE = "169.254.169.254/32";

/** Every namespace has this label. A selector that is empty would say the same, and is never sent. */
const ANY_NAMESPACE = {
  matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "Exists" }],
};

/**
 * Whom the pods may talk to where the service may open connections: any address, and any pod, the cluster's
 * DNS among them. Where Cilium enforces the rules, as in the clusters of this program, those for addresses do
 * not match pods.
 *
 * @see https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium#frequently-asked-questions
 */
const ANYBODY = [
  { ipBlock: { cidr: "0.0.0.0/0", except: [METADATA_SERVICE] } },
  { namespaceSelector: ANY_NAMESPACE },
];

/**
 * Who may talk to the pods: anyone to the scoring port, which asks for a key; pods of the cluster
 * (metrics) to the health port; and whom the pods may talk to: nobody, unless the service says so.
 */
export function networkPolicy(service: ServiceConfig): inputs.networking.v1.NetworkPolicySpec {
  return {
    podSelector: { matchLabels: selectorLabels(service) },
    policyTypes: ["Ingress", "Egress"],
    ingress: [
      { ports: [{ protocol: "TCP", port: PORTS.scoring }] },
      {
        from: [{ namespaceSelector: ANY_NAMESPACE }],
        ports: [{ protocol: "TCP", port: PORTS.health }],
      },
    ],
    // Without a rule nothing may leave, since "Egress" is among the types.
    ...(service.allowEgress && { egress: [{ to: ANYBODY }] }),
  };
}

/**
 * Makes AKS give the Service an address of the virtual network instead of a public one.
 *
 * @see https://learn.microsoft.com/azure/aks/internal-lb
 */
export function exposureAnnotations(exposure: Exposure): Record<string, string> {
  return exposure === "internal"
    ? { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" }
    : {};
}

/** The Service: a load balancer's address, or for `cluster` one that only pods reach. */
export function scoringService(service: ServiceConfig): inputs.core.v1.ServiceSpec {
  return {
    type: service.exposure === "cluster" ? "ClusterIP" : "LoadBalancer",
    selector: selectorLabels(service),
    ports: [{ name: "http", port: SERVICE_PORT, targetPort: "scoring", protocol: "TCP" }],
  };
}
