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

function get(url: string, { clusters, users }: Kubeconfig): Promise<ObjectList> {
  const decode = (text: string | undefined) => Buffer.from(text ?? "", "base64");
  const options = {
    ca: decode(clusters[0]?.cluster["certificate-authority-data"]),
    cert: decode(users[0]?.user["client-certificate-data"]),
    key: decode(users[0]?.user["client-key-data"]),
  };
  return new Promise((resolve, reject) => {
    https
      .get(url, options, (response) => {
        let text = "";
        response.on("data", (data: Buffer) => (text += data.toString()));
        response.on("end", () => {
          if (response.statusCode === 200) resolve(JSON.parse(text) as ObjectList);
          else reject(new Error(`${url} answered ${response.statusCode}: ${text}`));
        });
      })
      .on("error", reject);
  });
}

/** Everything in the cluster that lies in no namespace, read with the sandbox's own certificate. */
export async function clusterObjects(): Promise<readonly string[]> {
  const file = path.join(ROOT, ".sandbox/kubernetes/admin.kubeconfig");
  const kubeconfig = load(fs.readFileSync(file, "utf8")) as Kubeconfig;
  const server = kubeconfig.clusters[0]?.cluster.server ?? "";
  const lists = await Promise.all(
    KINDS.map(async (kind) => {
      const { items } = await get(`${server}${kind}`, kubeconfig);
      return items.map(({ metadata }) => `${kind}/${metadata.name}`);
    }),
  );
  return lists.flat().sort();
}
