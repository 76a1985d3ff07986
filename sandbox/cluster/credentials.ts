import * as fs from "node:fs";
import { ensureAuthority, ensureCertificate, type CertificateRequest } from "../host/certificates";
import { run } from "../host/command";
import { writeJson, writeWhole } from "../host/layout";
import { port } from "../host/ports";
import { API_SERVICE, NODE_ADDRESS, NODE_NAME } from "./addresses";
import { adminKubeconfig, inCluster } from "./paths";

const servers: CertificateRequest[] = [
  {
    name: "etcd",
    subject: "/CN=etcd",
    alternativeNames: ["IP:127.0.0.1"],
    usage: ["serverAuth", "clientAuth"],
  },
  {
    name: "apiserver",
    subject: "/CN=kube-apiserver",
    alternativeNames: [
      "IP:127.0.0.1",
      `IP:${NODE_ADDRESS}`,
      `IP:${API_SERVICE}`,
      "DNS:localhost",
      "DNS:kubernetes",
      "DNS:kubernetes.default.svc",
    ],
    usage: ["serverAuth"],
  },
  {
    name: "kubelet-server",
    subject: `/O=system:nodes/CN=system:node:${NODE_NAME}`,
    alternativeNames: [`IP:${NODE_ADDRESS}`, `DNS:${NODE_NAME}`],
    usage: ["serverAuth"],
  },
];

/** Who signs in to the API server with a certificate, by the name of its kubeconfig. */
const clients: Record<string, string> = {
  admin: "/O=system:masters/CN=admin",
  "kube-controller-manager": "/CN=system:kube-controller-manager",
  "kube-scheduler": "/CN=system:kube-scheduler",
  "kube-proxy": "/CN=system:kube-proxy",
  kubelet: `/O=system:nodes/CN=system:node:${NODE_NAME}`,
};

/** The cluster's certificate authority, certificates, service account key and kubeconfigs. */
export async function ensureCredentials(): Promise<void> {
  const folder = inCluster("pki");
  await ensureAuthority(folder, "azureml-aks sandbox cluster");
  const requests = Object.entries(clients).map<CertificateRequest>(([name, subject]) => ({
    name,
    subject,
    usage: ["clientAuth"],
  }));
  await Promise.all([...servers, ...requests].map((one) => ensureCertificate(folder, one)));
  await ensureServiceAccountKey();
  const server = await apiServer();
  for (const name of Object.keys(clients)) writeKubeconfig(name, server);
}

/** The API server's address. */
export async function apiServer(): Promise<string> {
  return `https://${NODE_ADDRESS}:${await port("apiserver")}`;
}

/** A file of the cluster's keys and certificates. */
export function pki(file: string): string {
  return inCluster("pki", file);
}

/** The kubeconfig of one of the cluster's own clients. */
export function kubeconfigOf(name: string): string {
  return name === "admin" ? adminKubeconfig : inCluster(`${name}.kubeconfig`);
}

async function ensureServiceAccountKey(): Promise<void> {
  const [key, publicKey] = [pki("service-account.key"), pki("service-account.pub")];
  if (fs.existsSync(publicKey)) return;
  await run("openssl", ["genpkey", "-algorithm", "RSA", "-out", key]);
  writeWhole(publicKey, await run("openssl", ["pkey", "-in", key, "-pubout"]));
}

function writeKubeconfig(name: string, server: string): void {
  const embedded = (file: string) => fs.readFileSync(pki(file)).toString("base64");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      { name: "sandbox", cluster: { server, "certificate-authority-data": embedded("ca.crt") } },
    ],
    users: [
      {
        name,
        user: {
          "client-certificate-data": embedded(`${name}.crt`),
          "client-key-data": embedded(`${name}.key`),
        },
      },
    ],
    contexts: [{ name: "sandbox", context: { cluster: "sandbox", user: name } }],
    "current-context": "sandbox",
  };
  // JSON is YAML as well.
  writeJson(kubeconfigOf(name), config, 0o600);
}
