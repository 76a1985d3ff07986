import * as specs from "../../../../components/specs/scoring";
import { MODEL, SERVICE } from "../../../support/program";

const POD: specs.PodInputs = {
  service: SERVICE,
  models: [MODEL],
  image: "registry.example/image@sha256:feed",
  serviceAccountName: "account",
  secretName: "keys-of-it",
};
const SELECTOR = {
  "app.kubernetes.io/name": "scoring",
  "app.kubernetes.io/instance": "aks-service-1",
};
const ONE_MODEL = "/var/azureml-app/azureml-models/best_model/0123456789ab";

describe("the pod of a scoring service", () => {
  it("passes the strictest of the Pod Security Standards and has a read-only file system", () => {
    const container: unknown = expect.objectContaining({
      securityContext: {
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ["ALL"] },
      },
    });
    expect(specs.podTemplate(POD).spec).toMatchObject({
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 10001,
        runAsGroup: 10001,
        fsGroup: 10001,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [container],
    });
  });

  it("has one container, with the keys as files and a folder to write to", () => {
    expect(specs.podTemplate(POD).spec).toMatchObject({
      containers: [
        {
          name: "scoring",
          image: "registry.example/image@sha256:feed",
          imagePullPolicy: "Always",
          ports: [
            { name: "scoring", containerPort: 5001 },
            { name: "health", containerPort: 5002 },
          ],
          volumeMounts: [
            { name: "keys", mountPath: "/etc/scoring/keys", readOnly: true },
            { name: "tmp", mountPath: "/tmp" },
          ],
        },
      ],
      volumes: [
        { name: "keys", secret: { secretName: "keys-of-it", defaultMode: 0o440 } },
        { name: "tmp", emptyDir: { sizeLimit: "512Mi" } },
      ],
    });
  });

  it("gets no token of the cluster and no variables of other services", () => {
    expect(specs.podTemplate(POD).spec).toMatchObject({
      serviceAccountName: "account",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
    });
  });

  it("is told apart in starting, being ready and being alive, on a port of its own", () => {
    const probe = { timeoutSeconds: 2 };
    expect(specs.podTemplate(POD).spec).toMatchObject({
      containers: [
        {
          startupProbe: {
            ...probe,
            httpGet: { path: "/startup", port: "health" },
            periodSeconds: 2,
            failureThreshold: 150,
          },
          readinessProbe: {
            ...probe,
            httpGet: { path: "/ready", port: "health" },
            periodSeconds: 5,
            failureThreshold: 1,
          },
          livenessProbe: {
            ...probe,
            httpGet: { path: "/live", port: "health" },
            periodSeconds: 10,
            failureThreshold: 3,
          },
        },
      ],
    });
  });

  it("stops accepting only when load balancers know, and finishes what is in flight", () => {
    expect(specs.podTemplate(POD).spec).toMatchObject({
      terminationGracePeriodSeconds: 75,
      containers: [{ lifecycle: { preStop: { sleep: { seconds: 5 } } } }],
    });
  });

  it("has the configured resources, and bounds on what it writes", () => {
    expect(specs.podTemplate(POD).spec).toMatchObject({
      containers: [
        {
          resources: {
            requests: { cpu: "100m", memory: "512Mi", "ephemeral-storage": "64Mi" },
            limits: { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" },
          },
        },
      ],
    });
  });

  it("runs on Linux, spread over zones and nodes as far as that goes", () => {
    const spread = (topologyKey: string) => ({
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: SELECTOR },
    });
    expect(specs.podTemplate(POD).spec).toMatchObject({
      nodeSelector: { "kubernetes.io/os": "linux" },
      topologySpreadConstraints: [
        spread("topology.kubernetes.io/zone"),
        spread("kubernetes.io/hostname"),
      ],
    });
  });

  it("is told by environment variables what to load, and the service's settings", () => {
    const service = { ...SERVICE, settings: { SCORING_LOG_LEVEL: "debug" } };
    expect(specs.podTemplate({ ...POD, service }).spec).toMatchObject({
      containers: [
        {
          env: [
            { name: "AZUREML_MODEL_DIR", value: ONE_MODEL },
            { name: "AZUREML_ENTRY_SCRIPT", value: "score.py" },
            { name: "SERVICE_NAME", value: "aks-service-1" },
            { name: "SCORING_LOG_LEVEL", value: "debug" },
          ],
        },
      ],
    });
  });
});

describe("the folder that AZUREML_MODEL_DIR names", () => {
  it("is the only model's own, and the one above for several, as in v1", () => {
    expect(specs.modelFolder([MODEL])).toBe(ONE_MODEL);
    expect(specs.modelFolder([MODEL, { ...MODEL, name: "other" }])).toBe(
      "/var/azureml-app/azureml-models",
    );
  });
});

describe("the Deployment of a scoring service", () => {
  it("makes a new pod ready before an old one goes", () => {
    expect(specs.deployment(POD)).toMatchObject({
      selector: { matchLabels: SELECTOR },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      minReadySeconds: 2,
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 3,
    });
  });

  it("sets the number of pods only where it is fixed", () => {
    expect(specs.deployment(POD)).not.toHaveProperty("replicas");
    const service = { ...SERVICE, scale: { kind: "fixed", replicas: 3 } as const };
    expect(specs.deployment({ ...POD, service }).replicas).toBe(3);
  });

  it("selects its pods by labels that they have, and that no setting changes", () => {
    const service = { ...SERVICE, namespace: "elsewhere", exposure: "public" as const };
    const spec = specs.deployment({ ...POD, service });
    expect(spec.selector).toEqual({ matchLabels: SELECTOR });
    expect(specs.podTemplate(POD).metadata).toMatchObject({ labels: SELECTOR });
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
    expect(specs.autoscaler(scale, "scoring")).toEqual({
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
    expect(specs.disruptionBudget(SERVICE)).toEqual({
      selector: { matchLabels: SELECTOR },
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
    });
  });
});

describe("labels", () => {
  it("are on every object, and mark the namespace for restricted pods only", () => {
    const object = { ...SELECTOR, "app.kubernetes.io/managed-by": "azureml-aks" };
    expect(specs.objectLabels(SERVICE)).toEqual(object);
    expect(specs.namespaceLabels(SERVICE)).toEqual({
      ...object,
      "pod-security.kubernetes.io/enforce": "restricted",
      "pod-security.kubernetes.io/audit": "restricted",
      "pod-security.kubernetes.io/warn": "restricted",
    });
  });
});
