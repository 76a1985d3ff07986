import type * as pulumi from "@pulumi/pulumi";
import type * as inputs from "@pulumi/kubernetes/types/input";
import type { ModelConfig, ServiceConfig } from "../config/types";

/** Ports of the scoring server; health and metrics have one of their own. */
export const PORTS = { scoring: 5001, health: 5002 } as const;
/** Port of the Service. */
export const SERVICE_PORT = 80;

const MODEL_ROOT = "/var/azureml-app/azureml-models";
const KEYS_FOLDER = "/etc/scoring/keys";
/** Any number above 10000 belongs to no user of a node. */
const USER_ID = 10001;

/** Time for load balancers to learn that a pod goes, before it stops accepting. */
const PRE_STOP_SECONDS = 5;
/** Time to finish what is in flight: v1's longest scoring time-out is 300 s, its default 60 s. */
const GRACE_SECONDS = 75;

/** Name of the objects of a service within its namespace. */
export const OBJECT_NAME = "scoring";

/** Labels that select the pods of a service; they can never change on a Deployment. */
export function selectorLabels(service: ServiceConfig): Record<string, string> {
  return { "app.kubernetes.io/name": OBJECT_NAME, "app.kubernetes.io/instance": service.name };
}

/** Labels of every object of a service. */
export function objectLabels(service: ServiceConfig): Record<string, string> {
  return { ...selectorLabels(service), "app.kubernetes.io/managed-by": "azureml-aks" };
}

/**
 * Labels of a service's namespace: only pods by the strictest of the Pod Security Standards.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function namespaceLabels(service: ServiceConfig): Record<string, string> {
  return {
    ...objectLabels(service),
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/audit": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  };
}

/** Folder that `AZUREML_MODEL_DIR` names: the model's own for one model, that of all for several. */
export function modelFolder(models: readonly ModelConfig[]): string {
  const [only, ...others] = models;
  return only !== undefined && others.length === 0
    ? `${MODEL_ROOT}/${only.name}/${only.version}`
    : MODEL_ROOT;
}

function environment(
  service: ServiceConfig,
  models: readonly ModelConfig[],
): inputs.core.v1.EnvVar[] {
  const values = {
    AZUREML_MODEL_DIR: modelFolder(models),
    AZUREML_ENTRY_SCRIPT: service.image.code[0]?.name ?? "",
    SERVICE_NAME: service.name,
    ...service.settings,
  };
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function probe(path: string, periodSeconds: number, failureThreshold: number) {
  return { httpGet: { path, port: "health" }, periodSeconds, timeoutSeconds: 2, failureThreshold };
}

function container(
  service: ServiceConfig,
  models: readonly ModelConfig[],
  image: pulumi.Input<string>,
): inputs.core.v1.Container {
  return {
    name: OBJECT_NAME,
    image,
    // By digest, so this asks the registry for the right to pull, not for the content again.
    imagePullPolicy: "Always",
    env: environment(service, models),
    ports: [
      { name: "scoring", containerPort: PORTS.scoring },
      { name: "health", containerPort: PORTS.health },
    ],
    // v1 waited 310 s before its first check; this one waits as long, but not longer than needed.
    startupProbe: probe("/startup", 2, 150),
    readinessProbe: probe("/ready", 5, 1),
    livenessProbe: probe("/live", 10, 3),
    resources: {
      requests: { ...service.requests, "ephemeral-storage": "64Mi" },
      limits: { ...service.limits, "ephemeral-storage": "1Gi" },
    },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    volumeMounts: [
      { name: "keys", mountPath: KEYS_FOLDER, readOnly: true },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}

/** What a pod template is made from. */
export interface PodInputs {
  readonly service: ServiceConfig;
  readonly models: readonly ModelConfig[];
  /** Image by digest. */
  readonly image: pulumi.Input<string>;
  readonly serviceAccountName: pulumi.Input<string>;
  readonly secretName: pulumi.Input<string>;
}

/** The pod of a scoring service: restricted, without a token, spread over zones and nodes. */
export function podTemplate(pod: PodInputs): inputs.core.v1.PodTemplateSpec {
  const labels = selectorLabels(pod.service);
  const spread = (topologyKey: string) => ({
    topologyKey,
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
    labelSelector: { matchLabels: labels },
  });
  return {
    metadata: { labels: objectLabels(pod.service) },
    spec: {
      serviceAccountName: pod.serviceAccountName,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      nodeSelector: { "kubernetes.io/os": "linux" },
      terminationGracePeriodSeconds: GRACE_SECONDS,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: USER_ID,
        runAsGroup: USER_ID,
        fsGroup: USER_ID,
        seccompProfile: { type: "RuntimeDefault" },
      },
      topologySpreadConstraints: [
        spread("topology.kubernetes.io/zone"),
        spread("kubernetes.io/hostname"),
      ],
      containers: [container(pod.service, pod.models, pod.image)],
      volumes: [
        { name: "keys", secret: { secretName: pod.secretName, defaultMode: 0o440 } },
        { name: "tmp", emptyDir: { sizeLimit: "512Mi" } },
      ],
    },
  };
}

/**
 * The Deployment: the new version must be ready before a pod of the old one goes. Under an
 * autoscaler the number of pods is not ours to set.
 */
export function deployment(pod: PodInputs): inputs.apps.v1.DeploymentSpec {
  const { scale, rolloutTimeoutSeconds } = pod.service;
  const spec: inputs.apps.v1.DeploymentSpec = {
    selector: { matchLabels: selectorLabels(pod.service) },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    minReadySeconds: 2,
    progressDeadlineSeconds: rolloutTimeoutSeconds,
    revisionHistoryLimit: 3,
    template: podTemplate(pod),
  };
  return scale.kind === "fixed" ? { ...spec, replicas: scale.replicas } : spec;
}

/** Bounds and target of the autoscaler; only for a service whose scale is `auto`. */
export function autoscaler(
  scale: Extract<ServiceConfig["scale"], { kind: "auto" }>,
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
