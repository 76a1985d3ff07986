import { podTemplate } from "../../../../components/scoringService/pod";
import * as workload from "../../../../components/scoringService/workload";
import { POD, SELECTOR, SERVICE } from "../../../support/program";

describe("the Deployment of a scoring service", () => {
  it("makes a new pod ready before an old one goes", () => {
    expect(workload.deployment(POD)).toMatchObject({
      selector: { matchLabels: SELECTOR },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      minReadySeconds: 2,
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 3,
    });
  });

  it("starts with the fewest pods that there may be, or those that are fixed", () => {
    expect(workload.deployment(POD).replicas).toBe(2);
    const service = { ...SERVICE, scale: { kind: "fixed", replicas: 3 } as const };
    expect(workload.deployment({ ...POD, service }).replicas).toBe(3);
  });

  it("selects its pods by labels that they have, and that no setting changes", () => {
    const service = { ...SERVICE, name: "renamed", exposure: "public" as const };
    const spec = workload.deployment({ ...POD, service });
    expect(spec.selector).toEqual({ matchLabels: SELECTOR });
    expect(podTemplate(POD).metadata).toMatchObject({ labels: SELECTOR });
  });
});

describe("what keeps enough pods running", () => {
  it("is an autoscaler by CPU within the configured bounds", () => {
    const scale = {
      kind: "auto",
      minReplicas: 2,
      maxReplicas: 5,
      targetCpuUtilization: 60,
    } as const;
    expect(workload.autoscaler(scale, "scoring")).toEqual({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "scoring" },
      minReplicas: 2,
      maxReplicas: 5,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 60 } },
        },
      ],
    });
  });

  it("is a budget of one eviction at a time, which a single pod does not block", () => {
    expect(workload.disruptionBudget(SERVICE)).toEqual({
      selector: { matchLabels: SELECTOR },
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
  });
});
