import * as fs from "node:fs";
import * as https from "node:https";
import * as path from "node:path";
import { load } from "js-yaml";
import { ROOT } from "./sandbox";

interface Kubeconfig {
  readonly clusters: readonly {
    cluster: { server: string; "certificate-authority-data": string };
  }[];
  readonly users: readonly {
    user: { "client-certificate-data": string; "client-key-data": string };
  }[];
}

interface ObjectList {
  readonly items: readonly { metadata: { name: string } }[];
}

const KINDS = [
  "/api/v1/namespaces",
  "/api/v1/nodes",
  "/api/v1/persistentvolumes",
  "/apis/rbac.authorization.k8s.io/v1/clusterroles",
  "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
  "/apis/storage.k8s.io/v1/storageclasses",
  "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations",
];

function adminKubeconfig(): Kubeconfig {
  const file = path.join(ROOT, ".sandbox/kubernetes/admin.kubeconfig");
  return load(fs.readFileSync(file, "utf8")) as Kubeconfig;
}

/** A request to the API server, with the sandbox's own certificate. */
function send(method: string, resource: string, body?: object): Promise<unknown> {
  const { clusters, users } = adminKubeconfig();
  const decode = (text: string | undefined) => Buffer.from(text ?? "", "base64");
  const url = `${clusters[0]?.cluster.server}${resource}`;
  const options = {
    method,
    ca: decode(clusters[0]?.cluster["certificate-authority-data"]),
    cert: decode(users[0]?.user["client-certificate-data"]),
    key: decode(users[0]?.user["client-key-data"]),
    headers: { "content-type": `application/${method === "PATCH" ? "merge-patch+" : ""}json` },
  };
  return new Promise((resolve, reject) => {
    const request = https.request(url, options, (response) => {
      let text = "";
      response.on("data", (data: Buffer) => (text += data.toString()));
      response.on("end", () => {
        if ([200, 201, 202].includes(response.statusCode ?? 0)) resolve(JSON.parse(text));
        else reject(new Error(`${url} answered ${response.statusCode}: ${text}`));
      });
    });
    request.on("error", reject);
    request.end(body && JSON.stringify(body));
  });
}

/** Everything in the cluster that lies in no namespace, read with the sandbox's own certificate. */
export async function clusterObjects(): Promise<readonly string[]> {
  const lists = await Promise.all(
    KINDS.map(async (kind) => {
      const { items } = (await send("GET", kind)) as ObjectList;
      return items.map(({ metadata }) => `${kind}/${metadata.name}`);
    }),
  );
  return lists.flat().sort();
}

const scoring = (namespace: string) => `/apis/apps/v1/namespaces/${namespace}/deployments/scoring`;

interface Deployment {
  readonly spec: {
    readonly replicas: number;
    readonly template: {
      readonly spec: { readonly containers: readonly { env: readonly { name: string }[] }[] };
    };
  };
  readonly status: { readonly availableReplicas?: number };
}

/** The Deployment of a service's pods, as it is now. */
export async function scoringDeployment(namespace: string): Promise<Deployment> {
  return (await send("GET", scoring(namespace))) as Deployment;
}

/** Changes the number of pods as `kubectl scale` and autoscalers do. */
export async function scalePods(namespace: string, replicas: number): Promise<void> {
  await send("PATCH", `${scoring(namespace)}/scale`, { spec: { replicas } });
}

const SAMPLE_MS = 250;

/** Numbers of pods that were available while an operation ran: fewest, and at the end. */
export async function podsDuring(
  namespace: string,
  operation: () => Promise<unknown>,
): Promise<{ readonly fewest: number; readonly last: number }> {
  const samples: number[] = [];
  const sample = async () => {
    const { status } = await scoringDeployment(namespace);
    samples.push(status.availableReplicas ?? 0);
  };
  let isRunning = true;
  const sampling = (async () => {
    while (isRunning) {
      await sample();
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
    }
  })();
  try {
    await operation();
  } finally {
    isRunning = false;
    await sampling;
  }
  await sample();
  return { fewest: Math.min(...samples), last: samples.at(-1) ?? 0 };
}

/** Runs an operation while the cluster has a namespace that somebody else has made. */
export async function besideNamespace(
  name: string,
  operation: () => Promise<unknown>,
): Promise<void> {
  await send("POST", "/api/v1/namespaces", { metadata: { name } });
  try {
    await operation();
  } finally {
    await send("DELETE", `/api/v1/namespaces/${name}`);
  }
}

interface Pod {
  readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
  readonly status: { readonly conditions?: readonly { type: string; status: string }[] };
}

async function readyPods(namespace: string): Promise<readonly string[]> {
  const { items } = (await send("GET", `/api/v1/namespaces/${namespace}/pods`)) as {
    readonly items: readonly Pod[];
  };
  return items
    .filter(({ metadata, status }) => {
      const isReady = status.conditions?.some(
        (condition) => condition.type === "Ready" && condition.status === "True",
      );
      return isReady && metadata.deletionTimestamp === undefined;
    })
    .map(({ metadata }) => metadata.name);
}

const LONGEST_REPLACEMENT_MS = 60_000;

/**
 * Deletes a pod that is ready, and waits until another one is in its place.
 *
 * @throws Error when there is none in the end.
 */
export async function replaceReadyPod(namespace: string): Promise<void> {
  const before = await readyPods(namespace);
  const [victim = "none"] = before;
  await send("DELETE", `/api/v1/namespaces/${namespace}/pods/${victim}`);
  const deadline = Date.now() + LONGEST_REPLACEMENT_MS;
  for (;;) {
    const now = await readyPods(namespace);
    if (!now.includes(victim) && now.length >= before.length) return;
    if (Date.now() > deadline) throw new Error(`no pod has taken the place of ${victim}`);
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
}

/** Names of the Secrets in a namespace. */
export async function secretNames(namespace: string): Promise<readonly string[]> {
  const { items } = (await send("GET", `/api/v1/namespaces/${namespace}/secrets`)) as ObjectList;
  return items.map(({ metadata }) => metadata.name).sort();
}
