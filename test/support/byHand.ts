import * as fs from "node:fs";
import * as https from "node:https";
import * as path from "node:path";
import { load } from "js-yaml";
import { arm } from "./azure";
import { pulumi, ROOT, run } from "./sandbox";

// What people delete beside Pulumi, with the clients that they would take.

interface Resource {
  readonly urn: string;
  readonly type: string;
  readonly id?: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

/** Resources in the state of the sandbox's stack. */
export async function stateResources(): Promise<readonly Resource[]> {
  const state = JSON.parse(await pulumi("stack", "export")) as {
    readonly deployment: { readonly resources: readonly Resource[] };
  };
  return state.deployment.resources;
}

/** The resource of the sandbox's stack whose URN ends with a name. */
export async function stateResource(name: string): Promise<Resource> {
  const found = (await stateResources()).find(({ urn }) => urn.endsWith(`::${name}`));
  if (found === undefined) throw new Error(`the stack has no ${name}`);
  return found;
}

/** Deletes something of Azure's control plane, by the name of its resource in the program. */
export async function deleteInAzure(name: string, apiVersion: string): Promise<void> {
  const { id = "" } = await stateResource(name);
  const { status, body } = await arm("DELETE", `${id}?api-version=${apiVersion}`);
  if (status >= 300) throw new Error(`${id} was not deleted: ${status} ${body}`);
}

/** Runs a few lines of JavaScript with Azure's libraries, in the environment of the sandbox. */
function withAzure(code: string): Promise<string> {
  const credential =
    'const { ClientSecretCredential } = require("@azure/identity"); const e = process.env; ' +
    "const credential = new ClientSecretCredential(e.ARM_TENANT_ID, e.ARM_CLIENT_ID, " +
    "e.ARM_CLIENT_SECRET, { disableInstanceDiscovery: true });";
  return run("node", ["-e", `${credential} (async () => { ${code} })()`]);
}

const REGISTRY = (host: string) =>
  `const client = new (require("@azure/container-registry").ContainerRegistryClient)(
    "https://${host}", credential, { audience: "https://management.azure.com" });`;

/** Deletes the repository of an image. */
export async function deleteRepository(image: string): Promise<void> {
  const { outputs } = await stateResource(`${image}.repository`);
  const { loginServer, repository } = outputs as { loginServer: string; repository: string };
  await withAzure(`${REGISTRY(loginServer)} await client.deleteRepository("${repository}");`);
}

/** Deletes the files of a model from the storage account. */
export async function deleteBlobs(model: string): Promise<void> {
  const { outputs } = await stateResource(`${model}-blobs`);
  const { blobEndpoint, containerName, prefix, files } = outputs as {
    readonly blobEndpoint: string;
    readonly containerName: string;
    readonly prefix: string;
    readonly files: readonly { readonly name: string }[];
  };
  const names = JSON.stringify(files.map(({ name }) => `${prefix}/${name}`));
  await withAzure(`const { BlobServiceClient } = require("@azure/storage-blob");
    const target = new BlobServiceClient("${blobEndpoint}", credential).getContainerClient("${containerName}");
    for (const name of ${names}) await target.deleteBlob(name);`);
}

interface Kubeconfig {
  readonly clusters: readonly [
    {
      readonly cluster: { readonly server: string; readonly "certificate-authority-data": string };
    },
  ];
  readonly users: readonly [
    {
      readonly user: {
        readonly "client-certificate-data": string;
        readonly "client-key-data": string;
      };
    },
  ];
}

/** A request to the cluster, as its administrator. */
export function onCluster(method: string, pathname: string): Promise<string> {
  const file = path.join(ROOT, ".sandbox/kubernetes/admin.kubeconfig");
  const { clusters, users } = load(fs.readFileSync(file, "utf8")) as Kubeconfig;
  const decode = (text: string) => Buffer.from(text, "base64");
  const [{ cluster }] = clusters;
  const [{ user }] = users;
  const options = {
    method,
    ca: decode(cluster["certificate-authority-data"]),
    cert: decode(user["client-certificate-data"]),
    key: decode(user["client-key-data"]),
  };
  return new Promise((resolve, reject) => {
    const call = https.request(`${cluster.server}${pathname}`, options, (response) => {
      let text = "";
      response.on("data", (data: Buffer) => (text += data.toString()));
      response.on("end", () => resolve(text));
    });
    call.on("error", reject).end();
  });
}

const LONGEST_DELETION_MS = 120_000;

/** Deletes a namespace, and waits as `kubectl delete` does until it is gone with all that is in it. */
export async function deleteNamespace(name: string): Promise<void> {
  const namespace = `/api/v1/namespaces/${name}`;
  await onCluster("DELETE", namespace);
  const deadline = Date.now() + LONGEST_DELETION_MS;
  while ((JSON.parse(await onCluster("GET", namespace)) as { kind: string }).kind === "Namespace") {
    if (Date.now() > deadline) throw new Error(`the namespace ${name} is still there`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
