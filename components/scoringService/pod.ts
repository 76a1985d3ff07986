import type * as pulumi from "@pulumi/pulumi";
import type * as inputs from "@pulumi/kubernetes/types/input";
import type { ModelConfig } from "../registeredModel/config";
import { imageFolder } from "../modelLayout/modelLayout";
import { BUILT_ARCHITECTURE } from "../scoringImage/config";
import type { ServiceConfig } from "./config";
import { OBJECT_NAME, objectLabels, selectorLabels } from "./labels";
import { SAMPLE_FOLDER } from "./sample/files";
import { gracePeriodSeconds, KEYS_FOLDER, MODEL_ROOT, PORTS } from "./server";

/** Any number above 10000 belongs to no user of a node. */
const USER_ID = 10001;

/** Folder that `AZUREML_MODEL_DIR` names: the model's own for one model, that of all for several. */
export function modelFolder(models: readonly ModelConfig[]): string {
  const [only, ...others] = models;
  return only !== undefined && others.length === 0
    ? `${MODEL_ROOT}/${imageFolder(only)}`
    : MODEL_ROOT;
}

/**
 * A variable with a value that arrives as it is: Kubernetes takes `$(NAME)` for another variable, and
 * `$$` for a dollar sign.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
function variable(name: string, value: string): inputs.core.v1.EnvVar {
  return { name, value: value.replaceAll("$", "$$$$") };
}

function environment({
  service,
  models,
  settingsName,
  sampleName,
}: PodInputs): inputs.core.v1.EnvVar[] {
  const { image } = service;
  const values = {
    AZUREML_MODEL_DIR: modelFolder(models),
    // An image that was there says itself what its script is called.
    ...(image.kind === "built" && { AZUREML_ENTRY_SCRIPT: image.code[0].name }),
    SERVICE_NAME: service.name,
    ...(sampleName !== undefined && { SCORING_SAMPLE_DIR: SAMPLE_FOLDER }),
    ...service.settings,
  };
  return Object.entries(values).map(([name, value]) =>
    settingsName !== undefined && service.secretSettings.includes(name)
      ? { name, valueFrom: { secretKeyRef: { name: settingsName, key: name } } }
      : variable(name, value),
  );
}

function probe(path: string, periodSeconds: number, failureThreshold: number) {
  return { httpGet: { path, port: "health" }, periodSeconds, timeoutSeconds: 2, failureThreshold };
}

function secretVolume(name: string, secretName: pulumi.Input<string>): inputs.core.v1.Volume {
  return { name, secret: { secretName, defaultMode: 0o440 } };
}

function container(pod: PodInputs): inputs.core.v1.Container {
  const { service } = pod;
  return {
    name: OBJECT_NAME,
    image: pod.image,
    // By digest, so this asks the registry for the right to pull, not for the content again.
    imagePullPolicy: "Always",
    env: environment(pod),
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
    volumeMounts: [
      { name: "keys", mountPath: KEYS_FOLDER, readOnly: true },
      ...(pod.sampleName === undefined
        ? []
        : [{ name: "sample", mountPath: SAMPLE_FOLDER, readOnly: true }]),
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
  /** The Secret with the service's secret settings; undefined where it has none. */
  readonly settingsName: pulumi.Input<string> | undefined;
  /** The Secret with the service's sample; undefined where it has none. */
  readonly sampleName: pulumi.Input<string> | undefined;
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
      nodeSelector: {
        "kubernetes.io/os": "linux",
        // An attached cluster may have nodes of both architectures.
        ...(pod.service.image.kind === "built" && { "kubernetes.io/arch": BUILT_ARCHITECTURE }),
      },
      terminationGracePeriodSeconds: gracePeriodSeconds(pod.service.settings),
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
      containers: [container(pod)],
      volumes: [
        secretVolume("keys", pod.secretName),
        ...(pod.sampleName === undefined ? [] : [secretVolume("sample", pod.sampleName)]),
        // The working folder lies in it. In memory, so that nothing of a request stays on a node's disk.
        { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "512Mi" } },
      ],
    },
  };
}
