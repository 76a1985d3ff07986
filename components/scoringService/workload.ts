import type * as inputs from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { ServiceConfig } from "./config";
import { selectorLabels } from "./labels";
import { podTemplate, type PodInputs } from "./pod";
import { bounds, type ScaleConfig } from "./scale";

/**
 * The Deployment: the new version must be ready before a pod of the old one goes. Under an
 * autoscaler the number of pods is ours only to start with.
 */
export function deployment(pod: PodInputs): inputs.apps.v1.DeploymentSpec {
  const { scale, rolloutTimeoutSeconds } = pod.service;
  return {
    replicas: bounds(scale).min,
    selector: { matchLabels: selectorLabels(pod.service) },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    minReadySeconds: 2,
    progressDeadlineSeconds: rolloutTimeoutSeconds,
    revisionHistoryLimit: 3,
    template: podTemplate(pod),
  };
}

/** Bounds and target of the autoscaler; only for a service whose scale is `auto`. */
export function autoscaler(
  scale: Extract<ScaleConfig, { kind: "auto" }>,
  deploymentName: pulumi.Input<string>,
): inputs.autoscaling.v2.HorizontalPodAutoscalerSpec {
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deploymentName },
    minReplicas: scale.minReplicas,
    maxReplicas: scale.maxReplicas,
    metrics: [
      {
        type: "Resource",
        resource: {
          name: "cpu",
          target: { type: "Utilization", averageUtilization: scale.targetCpuUtilization },
        },
      },
    ],
  };
}

/** At most one pod at a time may be evicted; one that is not ready may always go. */
export function disruptionBudget(service: ServiceConfig): inputs.policy.v1.PodDisruptionBudgetSpec {
  return {
    selector: { matchLabels: selectorLabels(service) },
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "AlwaysAllow",
  };
}
