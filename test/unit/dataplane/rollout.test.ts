import { once } from "node:events";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import type { Inputs } from "@pulumi/pulumi";
import type { CreateResult } from "@pulumi/pulumi/provider";
import { fixedScale } from "../../../dataplane/fixedScale";
import { Cluster } from "../../../dataplane/kubernetes/cluster";
import { rollout } from "../../../dataplane/rollout";
import { serviceAddress } from "../../../dataplane/serviceAddress";
import { fakeCluster } from "../../support/fakeCluster";

const DEPLOYMENT = "readNamespacedDeployment scoring";
const SETS = "listNamespacedReplicaSet";
const PODS = "listNamespacedPod";
const EVENTS = "listNamespacedEvent";
const LOG = "readNamespacedPodLog scoring-1";
const SERVICE = "readNamespacedService scoring";
const AUTOSCALER = "readNamespacedHorizontalPodAutoscaler scoring";
const DELETE_AUTOSCALER = "deleteNamespacedHorizontalPodAutoscaler scoring";

const revision = { "deployment.kubernetes.io/revision": "3" };

function deployment(status: object, image = "image@sha256:1") {
  return {
    metadata: {
      name: "scoring",
      namespace: "team",
      uid: "d",
      generation: 2,
      annotations: revision,
    },
    spec: { replicas: 1, template: { spec: { containers: [{ name: "scoring", image }] } } },
    status: { observedGeneration: 2, ...status },
  };
}

const READY = { replicas: 1, updatedReplicas: 1, availableReplicas: 1 };
const NOT_READY = { replicas: 1, updatedReplicas: 1, availableReplicas: 0 };

const SET = {
  metadata: { name: "scoring-a", uid: "s", annotations: revision, ownerReferences: [{ uid: "d" }] },
};

/** A pod of the newest version that has ended twice. */
function crashedPod() {
  const terminated = { exitCode: 3, reason: "Error", finishedAt: new Date(Date.now() + 60_000) };
  return {
    metadata: { name: "scoring-1", namespace: "team", uid: "p", ownerReferences: [{ uid: "s" }] },
    status: {
      phase: "Running",
      containerStatuses: [
        {
          name: "scoring",
          ready: false,
          restartCount: 1,
          image: "image",
          imageID: "",
          state: { waiting: { reason: "CrashLoopBackOff", message: "back-off 10s" } },
          lastState: { terminated },
        },
      ],
    },
  };
}

const EVENT = {
  metadata: { name: "e" },
  type: "Warning",
  reason: "BackOff",
  message: "Back-off restarting failed container",
  involvedObject: { uid: "p" },
};

/** A cluster with these objects by request, and the inputs of resources in it. */
function inCluster(objects: Readonly<Record<string, unknown>>, inputs: Inputs = {}) {
  const said: string[] = [];
  const note = (message: string) => void said.push(message);
  const requests: string[] = [];
  jest.spyOn(Cluster, "connect").mockResolvedValue(fakeCluster(objects, requests));
  return {
    said,
    run: {
      log: { info: note, status: note },
      signal: new AbortController().signal,
      isHeld: () => false,
    },
    requests,
    inputs: {
      kubeconfig: "a kubeconfig",
      namespace: "team",
      deployment: "scoring",
      service: "scoring",
      spec: "1",
      minReplicas: 1,
      maxReplicas: 1,
      timeoutSeconds: 30,
      port: 80,
      path: "/ready",
      ...inputs,
    } as Inputs,
  };
}

function outsOf({ outs }: CreateResult): Inputs {
  return outs as Inputs;
}

afterEach(() => jest.restoreAllMocks());

describe("the rollout of a Deployment", () => {
  it("is done when all pods run the latest version, and asks for no more than the Deployment", async () => {
    const { inputs, run, requests } = inCluster({ [DEPLOYMENT]: deployment(READY) });
    await expect(rollout.create(inputs, run)).resolves.toMatchObject({ id: "team/scoring" });
    expect(requests).toEqual([DEPLOYMENT]);
  });

  it("fails once a pod crashes again and again, with its events and last lines", async () => {
    const { inputs, run, said } = inCluster({
      [DEPLOYMENT]: deployment(NOT_READY),
      [SETS]: { items: [SET] },
      [PODS]: { items: [crashedPod()] },
      [EVENTS]: { items: [EVENT] },
      [LOG]: "loading model\nthe weights are from another planet\n",
    });
    await expect(rollout.update?.(inputs, {}, run)).rejects.toThrow(
      [
        'rollout of Deployment team/scoring failed: container "scoring" ended 2 times',
        "Pod scoring-1 (Running):",
        '  container "scoring": CrashLoopBackOff: back-off 10s',
        '  container "scoring" before: exit code 3 (Error)',
        '  container "scoring" restarted 1 times',
        "  event BackOff: Back-off restarting failed container",
        '  last log lines of "scoring":',
        "    loading model",
        "    the weights are from another planet",
      ].join("\n"),
    );
    expect(said).toEqual(["rollout of Deployment team/scoring: 0 of 1 new pods ready"]);
  });

  it("fails with what is known where pods may be read, and no events and logs", async () => {
    const { inputs, run } = inCluster({
      [DEPLOYMENT]: deployment(NOT_READY),
      [SETS]: { items: [SET] },
      [PODS]: { items: [crashedPod()] },
    });
    await expect(rollout.create(inputs, run)).rejects.toThrow(
      'container "scoring" restarted 1 times',
    );
  });

  it("fails when its time is over", async () => {
    const { inputs, run } = inCluster(
      { [DEPLOYMENT]: deployment(NOT_READY), [SETS]: { items: [] }, [PODS]: { items: [] } },
      { timeoutSeconds: 0.5 },
    );
    await expect(rollout.create(inputs, run)).rejects.toThrow(
      "not ready after 0.5 s: 0 of 1 new pods ready",
    );
  });

  it.each(["spec", "minReplicas", "maxReplicas"])("is watched again for another %s", (key) => {
    expect(rollout.content).toContain(key);
    expect(rollout.identity).not.toContain(key);
  });

  it("names the remedy when the Deployment is gone", async () => {
    const { inputs, run } = inCluster({});
    await expect(rollout.create(inputs, run)).rejects.toThrow("pulumi up --refresh");
  });

  it("stays known while the Deployment is the one that was watched, however many pods it has", async () => {
    const { inputs, run } = inCluster({ [DEPLOYMENT]: deployment(READY) });
    const outs = outsOf(await rollout.create(inputs, run));
    const known = (live: object | undefined) => {
      inCluster({ [DEPLOYMENT]: live });
      return rollout.exists(outs);
    };
    expect(await known({ ...deployment(NOT_READY), status: {} })).toBe(true);
    expect(await known(deployment(READY, "image@sha256:2"))).toBe(false);
    expect(await known(undefined)).toBe(false);
  });
});

describe("the address of a Service", () => {
  const service = (...ingress: object[]) => ({
    metadata: { name: "scoring", namespace: "team", uid: "v" },
    status: { loadBalancer: { ingress } },
  });

  it("is the one that the load balancer gives, once it answers", async () => {
    const { inputs, run, said } = inCluster({ [SERVICE]: service({ ip: "127.0.0.1" }) });
    const asked: (string | undefined)[] = [];
    const server = http.createServer(({ url }, response) => {
      asked.push(url);
      response.end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const { port } = server.address() as AddressInfo;
    const outs = outsOf(await serviceAddress.create({ ...inputs, port }, run));
    server.close();
    expect(outs).toMatchObject({ address: "127.0.0.1" });
    expect(said).toEqual([]);
    expect(new Set(asked)).toEqual(new Set(["/ready"]));
  });

  it("is waited for no longer than configured, and the Service's events say why", async () => {
    const warning = { ...EVENT, reason: "SyncLoadBalancerFailed", involvedObject: { uid: "v" } };
    const { inputs, run } = inCluster(
      { [SERVICE]: service(), [EVENTS]: { items: [warning] } },
      { timeoutSeconds: 0.5 },
    );
    await expect(serviceAddress.create(inputs, run)).rejects.toThrow(
      "not ready after 0.5 s: the load balancer has no address yet\nevent SyncLoadBalancerFailed:",
    );
  });

  it("is looked up anew once it is another", async () => {
    const { inputs } = inCluster({ [SERVICE]: service({ hostname: "a.example" }) });
    expect(await serviceAddress.exists({ ...inputs, address: "a.example" })).toBe(true);
    expect(await serviceAddress.exists({ ...inputs, address: "b.example" })).toBe(false);
  });
});

describe("a number of pods that is fixed", () => {
  const autoscaler = (labels: object) => ({ metadata: { name: "scoring", labels } });

  it("ends our autoscaler", async () => {
    const { inputs, run, requests } = inCluster({
      [AUTOSCALER]: autoscaler({ "app.kubernetes.io/managed-by": "azureml-aks" }),
      [DELETE_AUTOSCALER]: {},
    });
    await fixedScale.create(inputs, run);
    expect(requests).toEqual([AUTOSCALER, DELETE_AUTOSCALER]);
  });

  it.each([
    ["there is none", {}],
    ["it is somebody else's", { [AUTOSCALER]: autoscaler({}) }],
  ])("deletes no autoscaler where %s", async (_, objects) => {
    const { inputs, run, requests } = inCluster(objects);
    await fixedScale.create(inputs, run);
    expect(requests).toEqual([AUTOSCALER]);
  });
});
