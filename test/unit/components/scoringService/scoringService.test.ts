import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";
import { childrenOf, registered, single } from "../../../support/mocks";
import { inBase64, secret } from "../../../support/secrets";
import { ATTACHED_CLUSTER, SERVICE } from "../../../support/program";
import { COMPONENT, runService, sampleService } from "../../../support/scoringService";

const PASSWORD = "random:index/randomPassword:RandomPassword";
const NAMESPACE = "kubernetes:core/v1:Namespace";
const SECRET = "kubernetes:core/v1:Secret";
const ACCOUNT = "kubernetes:core/v1:ServiceAccount";
const SERVICE_OBJECT = "kubernetes:core/v1:Service";
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const POLICY = "kubernetes:networking.k8s.io/v1:NetworkPolicy";
const CLUSTER = "azure-native:containerservice:ManagedCluster";
const ROLE = "azure-native:authorization:RoleAssignment";
const RETENTION = "dataplane:index:ImageRetention";
const ROLLOUT = "dataplane:index:Rollout";
const ADDRESS = "dataplane:index:ServiceAddress";
const FIXED_SCALE = "dataplane:index:FixedScale";
const PROVIDER = "pulumi:providers:kubernetes cluster-provider";
const OBJECTS = [
  NAMESPACE,
  SECRET,
  ACCOUNT,
  SERVICE_OBJECT,
  DEPLOYMENT,
  AUTOSCALER,
  BUDGET,
  POLICY,
];

inFolderWith(SAMPLE_PROJECT);

describe("a scoring service", () => {
  it("is made of two keys and one object of each kind", async () => {
    const { recording } = await sampleService();
    expect(childrenOf(recording, COMPONENT)).toEqual([
      `${RETENTION} aks-service-1-retention`,
      `${ROLLOUT} aks-service-1-rollout`,
      `${ADDRESS} aks-service-1-address`,
      `${DEPLOYMENT} aks-service-1`,
      `${AUTOSCALER} aks-service-1-autoscaler`,
      `${NAMESPACE} aks-service-1-namespace`,
      `${SECRET} aks-service-1-keys`,
      `${SERVICE_OBJECT} aks-service-1-service`,
      `${ACCOUNT} aks-service-1-account`,
      `${POLICY} aks-service-1-network`,
      `${BUDGET} aks-service-1-disruption`,
      `${PASSWORD} aks-service-1-primary-key`,
      `${PASSWORD} aks-service-1-secondary-key`,
    ]);
  });

  it("keeps the images before its own until its pods run", async () => {
    const { recording } = await sampleService();
    expect(registered(recording, RETENTION).dependsOn).toContain(
      `${ROLLOUT} aks-service-1-rollout`,
    );
  });

  it("has no autoscaler where the number of pods is fixed", async () => {
    const { recording } = await runService({
      service: { ...SERVICE, scale: { kind: "fixed", replicas: 4 } },
    });
    expect(childrenOf(recording, COMPONENT)).not.toContain(
      `${AUTOSCALER} aks-service-1-autoscaler`,
    );
    expect(single(recording, DEPLOYMENT).inputs.spec).toMatchObject({ replicas: 4 });
    expect(registered(recording, DEPLOYMENT).ignoreChanges).toEqual([]);
    expect(single(recording, ROLLOUT).inputs).toMatchObject({ minReplicas: 4, maxReplicas: 4 });
  });

  it("ends an autoscaler before it fixes the number of pods", async () => {
    const { recording } = await runService({
      service: { ...SERVICE, scale: { kind: "fixed", replicas: 4 } },
    });
    expect(registered(recording, DEPLOYMENT).dependsOn).toContain(
      `${FIXED_SCALE} aks-service-1-fixed-scale`,
    );
    expect(single(recording, FIXED_SCALE).inputs).toMatchObject({ deployment: "scoring" });
  });

  it("tells the Deployment who decides on the number of pods, so that a change is one of it", async () => {
    const annotation = async (scale: typeof SERVICE.scale) => {
      const { recording } = await runService({ service: { ...SERVICE, scale } });
      return single(recording, DEPLOYMENT).inputs.metadata;
    };
    expect(await annotation({ kind: "fixed", replicas: 4 })).toMatchObject({
      annotations: { "azureml-aks/replicas": "fixed" },
    });
    expect(await annotation(SERVICE.scale)).toMatchObject({
      annotations: { "azureml-aks/replicas": "by-load" },
    });
  });

  it("leaves the number of pods to the autoscaler", async () => {
    const { recording } = await sampleService();
    expect(registered(recording, DEPLOYMENT).ignoreChanges).toEqual(["spec.replicas"]);
    expect(childrenOf(recording, COMPONENT)).not.toContain(
      `${FIXED_SCALE} aks-service-1-fixed-scale`,
    );
    expect(single(recording, AUTOSCALER).inputs.spec).toMatchObject({
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "scoring" },
    });
  });

  it("lives in a namespace of its own that only restricted pods may enter", async () => {
    const { recording } = await runService({ service: { ...SERVICE, namespace: "elsewhere" } });
    expect(single(recording, NAMESPACE).inputs.metadata).toMatchObject({
      name: "elsewhere",
      labels: { "pod-security.kubernetes.io/enforce": "restricted" },
    });
    for (const type of OBJECTS.filter((candidate) => candidate !== NAMESPACE)) {
      expect(single(recording, type).inputs.metadata).toMatchObject({
        namespace: "elsewhere",
        labels: { "app.kubernetes.io/instance": "elsewhere" },
      });
    }
  });

  it("asks nobody for its namespace in a cluster of ours", async () => {
    const { recording } = await sampleService();
    expect(recording.calls.map(({ token }) => token)).not.toContain("dataplane:index:namespace");
  });

  it.each([
    ["nobody has yet", {}],
    [
      "it has made itself",
      {
        labels: {
          "app.kubernetes.io/name": "scoring",
          "app.kubernetes.io/instance": "aks-service-1",
          "app.kubernetes.io/managed-by": "azureml-aks",
          "kubernetes.io/metadata.name": "aks-service-1",
        },
      },
    ],
  ])("takes a namespace in an attached cluster that %s", async (_, found) => {
    const { recording, service } = await runService(
      { cluster: ATTACHED_CLUSTER },
      { "dataplane:index:namespace": () => found },
    );
    expect(single(recording, NAMESPACE).inputs.metadata).toMatchObject({ name: "aks-service-1" });
    expect(await pulumi.isSecret(service.outputs.namespace)).toBe(false);
  });

  it("has two keys of 48 letters and digits that a raised version renews", async () => {
    const { recording } = await runService({
      service: { ...SERVICE, keyVersions: { primary: 1, secondary: 7 } },
    });
    const keys = recording.resources.filter(({ type }) => type === PASSWORD);
    expect(keys.map(({ name, inputs }) => [name, inputs])).toEqual([
      ["aks-service-1-primary-key", expect.objectContaining({ keepers: { version: "1" } })],
      ["aks-service-1-secondary-key", expect.objectContaining({ keepers: { version: "7" } })],
    ]);
    for (const { inputs } of keys) expect(inputs).toMatchObject({ length: 48, special: false });
  });

  it("hands the keys to the pods in a Secret and shows neither in plain text", async () => {
    const { recording } = await sampleService();
    expect(single(recording, SECRET).inputs.data).toEqual(
      secret(
        inBase64({
          primary: "secret-of-aks-service-1-primary-key",
          secondary: "secret-of-aks-service-1-secondary-key",
        }),
      ),
    );
    const others = recording.resources.filter(({ type }) => type !== SECRET);
    expect(JSON.stringify(others)).not.toContain("secret-of-");
    expect(JSON.stringify(others)).not.toContain(Buffer.from("secret-of").toString("base64"));
  });

  it("runs its pods by the image's digest, under an account without a token", async () => {
    const { recording } = await sampleService();
    expect(single(recording, ACCOUNT).inputs.automountServiceAccountToken).toBe(false);
    const image: unknown = expect.stringMatching(
      /^registry\.example\/azureml-aks\/test\/myimage1@sha256:of-[0-9a-f]{16}$/,
    );
    const container: unknown = expect.objectContaining({ image });
    expect(single(recording, DEPLOYMENT).inputs.spec).toMatchObject({
      template: { spec: { serviceAccountName: "scoring", containers: [container] } },
    });
  });

  it("puts everything into the cluster through its provider, once that is allowed", async () => {
    const { recording } = await sampleService();
    for (const type of OBJECTS) {
      expect(registered(recording, type).provider).toBe(PROVIDER);
    }
    expect(registered(recording, NAMESPACE).dependsOn).toEqual(
      expect.arrayContaining([`${ROLE} cluster-deploy-role`, `${ROLE} cluster-pull-role`]),
    );
  });

  it("starts no pod before the rules on whom it may talk to are there", async () => {
    const { recording } = await sampleService();
    expect(registered(recording, DEPLOYMENT).dependsOn).toContain(
      `${POLICY} aks-service-1-network`,
    );
    expect(registered(recording, SERVICE_OBJECT).dependsOn).toContain(
      `${DEPLOYMENT} aks-service-1`,
    );
  });

  it("is tried at its address by the route that needs no key", async () => {
    const { recording } = await sampleService();
    const ready = "/v2/health/ready";
    expect(single(recording, ADDRESS).inputs).toMatchObject({ port: 80, path: ready });
    const routes = path.resolve(__dirname, "../../../../server/scoring_server/routes.py");
    expect(fs.readFileSync(routes, "utf8")).toContain(`"${ready}": Route("health", "ready")`);
  });

  it("waits for a rollout as long as configured", async () => {
    const { recording } = await runService({ service: { ...SERVICE, rolloutTimeoutSeconds: 90 } });
    expect(single(recording, ROLLOUT).inputs).toMatchObject({ timeoutSeconds: 90 });
    expect(single(recording, ADDRESS).inputs).toMatchObject({ timeoutSeconds: 90 });
    expect(single(recording, DEPLOYMENT).inputs.spec).toMatchObject({
      progressDeadlineSeconds: 90,
    });
  });

  it("watches its pods anew for each version of its Deployment, and for nothing else", async () => {
    const version = async (service: typeof SERVICE) => {
      const { recording } = await runService({ service });
      return single(recording, ROLLOUT).inputs.spec;
    };
    const before = await version(SERVICE);
    expect(before).toMatch(/^[0-9a-f]{16}$/);
    expect(await version({ ...SERVICE, exposure: "public" })).toBe(before);
    expect(await version({ ...SERVICE, settings: { A: "b" } })).not.toBe(before);
  });

  it("is watched by us alone, under one name for all its objects", async () => {
    const { recording } = await sampleService();
    for (const type of OBJECTS) {
      const isWatched = [DEPLOYMENT, SERVICE_OBJECT].includes(type);
      const { annotations } = single(recording, type).inputs.metadata as {
        annotations: Record<string, string>;
      };
      expect(annotations).toMatchObject({
        "pulumi.com/patchFieldManager": "azureml-aks",
        "pulumi.com/patchForce": "true",
      });
      expect(annotations["pulumi.com/skipAwait"]).toBe(isWatched ? "true" : undefined);
    }
    expect(registered(recording, ROLLOUT).dependsOn).toEqual(
      expect.arrayContaining([
        `${DEPLOYMENT} aks-service-1`,
        `${AUTOSCALER} aks-service-1-autoscaler`,
      ]),
    );
  });

  it("goes with a cluster of ours, and object by object from one that is not", async () => {
    const { recording: ours } = await sampleService();
    const { recording: theirs } = await runService({ cluster: ATTACHED_CLUSTER });
    for (const type of OBJECTS) {
      expect(registered(ours, type).deletedWith).toBe(`${CLUSTER} cluster`);
      expect(registered(theirs, type).deletedWith).toBeUndefined();
    }
  });
});
