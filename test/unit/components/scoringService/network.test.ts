import {
  exposureAnnotations,
  networkPolicy,
  scoringService,
} from "../../../../components/scoringService/network";
import { SERVICE } from "../../../support/program";

const SELECTOR = {
  "app.kubernetes.io/name": "scoring",
  "app.kubernetes.io/instance": "aks-service-1",
};

describe("the network policy of a service", () => {
  it("lets anyone in to the scoring port, pods to the health port, and nobody out", () => {
    const anyNamespace = {
      matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "Exists" }],
    };
    expect(networkPolicy(SERVICE)).toStrictEqual({
      podSelector: { matchLabels: SELECTOR },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { ports: [{ protocol: "TCP", port: 5001 }] },
        { from: [{ namespaceSelector: anyNamespace }], ports: [{ protocol: "TCP", port: 5002 }] },
      ],
    });
  });

  it("keeps the node's identity out of reach even of a service that may go out", () => {
    const addresses = { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } };
    expect(networkPolicy({ ...SERVICE, allowEgress: true }).egress).toMatchObject([
      { to: expect.arrayContaining([addresses]) as unknown },
    ]);
  });

  it("lets a service that may go out reach pods by selector, since Cilium's addresses match none: DNS first", () => {
    const namespaceSelector = {
      matchExpressions: [{ key: "kubernetes.io/metadata.name", operator: "Exists" }],
    };
    // No port is left out: DNS asks by UDP, and by TCP for long answers.
    expect(networkPolicy({ ...SERVICE, allowEgress: true }).egress).toEqual([
      { to: expect.arrayContaining([{ namespaceSelector }]) as unknown },
    ]);
  });
});

describe("the Service in front of the pods", () => {
  it("is a load balancer on port 80, except for callers within the cluster", () => {
    const ports = [{ name: "http", port: 80, targetPort: "scoring", protocol: "TCP" }];
    expect(scoringService({ ...SERVICE, exposure: "public" })).toEqual({
      type: "LoadBalancer",
      selector: SELECTOR,
      ports,
    });
    expect(scoringService({ ...SERVICE, exposure: "internal" }).type).toBe("LoadBalancer");
    expect(scoringService({ ...SERVICE, exposure: "cluster" }).type).toBe("ClusterIP");
  });

  it("asks for an address of the virtual network for internal callers only", () => {
    expect(exposureAnnotations("internal")).toEqual({
      "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
    });
    expect(exposureAnnotations("public")).toEqual({});
    expect(exposureAnnotations("cluster")).toEqual({});
  });
});
