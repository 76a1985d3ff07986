import * as pulumi from "@pulumi/pulumi";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";
import { childrenOf, registered, single, valueOf } from "../../../support/mocks";
import { MODEL, SERVICE } from "../../../support/program";
import {
  COMPONENT,
  runService,
  sampleService,
  SERVICE_OUTPUTS,
} from "../../../support/scoringService";

const SERVICE_OBJECT = "kubernetes:core/v1:Service";
const ROLLOUT = "dataplane:index:Rollout";
const ADDRESS = "dataplane:index:ServiceAddress";

inFolderWith(SAMPLE_PROJECT);

describe("the address of a scoring service", () => {
  it("is the load balancer's, by default one of the virtual network", async () => {
    const { recording, service } = await sampleService();
    expect(await valueOf(service.outputs.scoringUri)).toBe("http://192.0.2.7/score");
    expect(await valueOf(service.outputs.swaggerUri)).toBe("http://192.0.2.7/swagger.json");
    expect(single(recording, SERVICE_OBJECT).inputs).toMatchObject({
      metadata: {
        annotations: { "service.beta.kubernetes.io/azure-load-balancer-internal": "true" },
      },
      spec: { type: "LoadBalancer" },
    });
  });

  it("is looked for once a pod can answer", async () => {
    const { recording } = await sampleService();
    expect(registered(recording, ADDRESS).dependsOn).toEqual(
      expect.arrayContaining([
        `${ROLLOUT} aks-service-1-rollout`,
        `${SERVICE_OBJECT} aks-service-1-service`,
      ]),
    );
  });

  it("is a public one only where that is asked for", async () => {
    const { recording } = await runService({ service: { ...SERVICE, exposure: "public" } });
    expect(single(recording, SERVICE_OBJECT).inputs).toMatchObject({
      metadata: { annotations: { "pulumi.com/skipAwait": "true" } },
      spec: { type: "LoadBalancer" },
    });
    expect(JSON.stringify(single(recording, SERVICE_OBJECT).inputs)).not.toContain("internal");
  });

  it("is a name within the cluster for a service that only pods call", async () => {
    const { recording, service } = await runService({
      service: { ...SERVICE, exposure: "cluster" },
    });
    expect(await valueOf(service.outputs.scoringUri)).toBe(
      "http://scoring.aks-service-1.svc.cluster.local/score",
    );
    expect(single(recording, SERVICE_OBJECT).inputs.spec).toMatchObject({ type: "ClusterIP" });
    expect(childrenOf(recording, COMPONENT)).not.toContain(`${ADDRESS} aks-service-1-address`);
  });
});

describe("the outputs of a scoring service", () => {
  it("name models with versions, the image's digest and the namespace", async () => {
    const second = { ...MODEL, name: "other_model", version: "ba9876543210" };
    const { recording, service } = await runService({ models: [MODEL, second] });
    expect(service.serviceName).toBe("aks-service-1");
    expect(service.outputs.models).toEqual([
      { name: "best_model", version: "0123456789ab" },
      { name: "other_model", version: "ba9876543210" },
    ]);
    expect(await valueOf(service.outputs.imageDigest)).toMatch(/^sha256:of-[0-9a-f]{16}$/);
    expect(await valueOf(service.outputs.namespace)).toBe("aks-service-1");
    expect(recording.outputs.get(`azureml-aks:index:${COMPONENT}`)).toEqual(SERVICE_OUTPUTS);
  });

  it("hold both keys as secrets, and nothing else as one", async () => {
    const { service } = await sampleService();
    const { primaryKey, secondaryKey, scoringUri } = service.outputs;
    expect(await valueOf(primaryKey)).toBe("secret-of-aks-service-1-primary-key");
    expect(await valueOf(secondaryKey)).toBe("secret-of-aks-service-1-secondary-key");
    expect(await pulumi.isSecret(primaryKey)).toBe(true);
    expect(await pulumi.isSecret(secondaryKey)).toBe(true);
    expect(await pulumi.isSecret(scoringUri)).toBe(false);
  });
});
