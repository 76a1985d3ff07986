import * as specs from "../../../../components/scoringService/pod";
import { MODEL, POD, SELECTOR, SERVICE } from "../../../support/program";

const ONE_MODEL = "/var/azureml-app/azureml-models/best_model/1";

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
        { name: "tmp", emptyDir: { medium: "Memory", sizeLimit: "512Mi" } },
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

  it("has time to finish what is in flight: all that the server allows a request, and a margin", () => {
    const grace = (settings: Record<string, string>) =>
      specs.podTemplate({ ...POD, service: { ...SERVICE, settings } }).spec;
    // Drain 5 s, body 30 s, queue 0.5 s, run 60 s, interruption 2 s, answer 5 s; 5 s for the kubelet.
    expect(grace({})).toMatchObject({ terminationGracePeriodSeconds: 108 });
    expect(grace({ SCORING_TIMEOUT_MS: "300000" })).toMatchObject({
      terminationGracePeriodSeconds: 348,
    });
  });

  it("leaves it to the server to wait for load balancers, so that they are waited for once", () => {
    expect(JSON.stringify(specs.podTemplate(POD))).not.toContain("preStop");
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

  it("runs on Linux machines of its image's architecture, spread over zones and nodes as far as that goes", () => {
    const spread = (topologyKey: string) => ({
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: "ScheduleAnyway",
      labelSelector: { matchLabels: SELECTOR },
    });
    expect(specs.podTemplate(POD).spec).toMatchObject({
      nodeSelector: { "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" },
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
