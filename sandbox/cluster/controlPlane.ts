import * as fs from "node:fs";
import { knownSettings } from "../azure/settings";
import { startDaemon, untilServing } from "../host/daemons";
import { isHealthy } from "../host/healthCheck";
import { writeJson } from "../host/layout";
import { port } from "../host/ports";
import { NODE_ADDRESS, SERVICE_NETWORK, POD_NETWORK } from "./addresses";
import { apiServer, kubeconfigOf, pki } from "./credentials";
import { inCluster } from "./paths";

/** Starts etcd, the API server, the controllers and the scheduler, and waits for the API. */
export async function startControlPlane(binary: string): Promise<void> {
  await startEtcd();
  await startApiServer(binary);
  await startDaemon({
    name: "kube-controller-manager",
    command: binary,
    args: ["kube-controller-manager", ...(await controllerManagerArguments())],
  });
  await startDaemon({
    name: "kube-scheduler",
    command: binary,
    args: ["kube-scheduler", ...controllerArguments("kube-scheduler", await port("scheduler"))],
  });
}

/** Whether the API server says that it is ready. */
export async function apiServerReady(): Promise<boolean> {
  return isHealthy(`${await apiServer()}/readyz`, {
    ca: fs.readFileSync(pki("ca.crt")),
    cert: fs.readFileSync(pki("admin.crt")),
    key: fs.readFileSync(pki("admin.key")),
  });
}

async function startEtcd(): Promise<void> {
  const clients = `https://127.0.0.1:${await port("etcd")}`;
  const peers = `http://127.0.0.1:${await port("etcdPeer")}`;
  const args = [
    `--name=sandbox`,
    `--data-dir=${inCluster("etcd")}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=sandbox=${peers}`,
    `--cert-file=${pki("etcd.crt")}`,
    `--key-file=${pki("etcd.key")}`,
    `--trusted-ca-file=${pki("ca.crt")}`,
    "--client-cert-auth",
    // Without fsync writes are fast, and a crash of the whole machine may destroy the cluster's data.
    "--unsafe-no-fsync",
    "--log-level=warn",
  ];
  await startDaemon({ name: "etcd", command: "etcd", args });
}

async function startApiServer(binary: string): Promise<void> {
  const args = [
    `--etcd-servers=https://127.0.0.1:${await port("etcd")}`,
    `--etcd-cafile=${pki("ca.crt")}`,
    `--etcd-certfile=${pki("etcd.crt")}`,
    `--etcd-keyfile=${pki("etcd.key")}`,
    `--bind-address=${NODE_ADDRESS}`,
    `--advertise-address=${NODE_ADDRESS}`,
    `--secure-port=${await port("apiserver")}`,
    `--tls-cert-file=${pki("apiserver.crt")}`,
    `--tls-private-key-file=${pki("apiserver.key")}`,
    `--client-ca-file=${pki("ca.crt")}`,
    `--service-account-key-file=${pki("service-account.pub")}`,
    `--service-account-signing-key-file=${pki("service-account.key")}`,
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-cluster-ip-range=${SERVICE_NETWORK}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--anonymous-auth=false",
    `--kubelet-client-certificate=${pki("admin.crt")}`,
    `--kubelet-client-key=${pki("admin.key")}`,
    `--kubelet-certificate-authority=${pki("ca.crt")}`,
    "--kubelet-preferred-address-types=InternalIP",
    "--profiling=false",
    ...entraArguments(),
  ];
  await startDaemon({
    name: "kube-apiserver",
    command: binary,
    args: ["kube-apiserver", ...args],
    // kube-apiserver would send the token reviews through a proxy otherwise.
    env: { NO_PROXY: "127.0.0.1,localhost", no_proxy: "127.0.0.1,localhost" },
  });
  await untilServing("kube-apiserver", apiServerReady, 120_000);
}

/** Makes the emulated Entra ID check bearer tokens; certificates of the cluster are accepted besides. */
function entraArguments(): string[] {
  const settings = knownSettings();
  if (settings === undefined) return [];
  const path = inCluster("token-review.kubeconfig");
  const server = `https://127.0.0.1:${settings.port}/tokenreview`;
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "entra", cluster: { server, "certificate-authority": settings.tls.ca } }],
    users: [{ name: "apiserver", user: {} }],
    contexts: [{ name: "entra", context: { cluster: "entra", user: "apiserver" } }],
    "current-context": "entra",
  };
  writeJson(path, config);
  return [
    `--authentication-token-webhook-config-file=${path}`,
    "--authentication-token-webhook-version=v1",
    // A role assignment that is made or removed in Azure takes effect at once.
    "--authentication-token-webhook-cache-ttl=5s",
  ];
}

async function controllerManagerArguments(): Promise<string[]> {
  return [
    ...controllerArguments("kube-controller-manager", await port("controllerManager")),
    `--service-account-private-key-file=${pki("service-account.key")}`,
    `--root-ca-file=${pki("ca.crt")}`,
    "--use-service-account-credentials",
    `--cluster-cidr=${POD_NETWORK}`,
  ];
}

function controllerArguments(name: string, securePort: number): string[] {
  const kubeconfig = kubeconfigOf(name);
  return [
    `--kubeconfig=${kubeconfig}`,
    `--authentication-kubeconfig=${kubeconfig}`,
    `--authorization-kubeconfig=${kubeconfig}`,
    // There is one of each, so an election would only delay the start.
    "--leader-elect=false",
    "--bind-address=127.0.0.1",
    `--secure-port=${securePort}`,
    `--cert-dir=${inCluster("serving", name)}`,
    "--profiling=false",
  ];
}
