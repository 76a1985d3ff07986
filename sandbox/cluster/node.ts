import * as fs from "node:fs";
import * as path from "node:path";
import { attempt, run } from "../host/command";
import { startDaemon, untilServing } from "../host/daemons";
import { enableForwarding, saveHostState } from "../host/hostState";
import { caBundle, checkout, inState, writeJson } from "../host/layout";
import { port, registryPorts } from "../host/ports";
import { linkProgram } from "../host/programs";
import { NODE_ADDRESS, NODE_NAME, POD_GATEWAY, POD_NETWORK } from "./addresses";
import { kubeconfigOf, pki } from "./credentials";
import { ensureFirewall } from "./firewall";
import { inCluster, runtimeSocket } from "./paths";

const CREDENTIAL_PROVIDER = "acrCredentialProvider";

/** Gives the node its address and lets packets pass between pods. */
export async function prepareNetwork(): Promise<void> {
  await saveHostState("kubernetes");
  await run("ip", ["address", "replace", `${NODE_ADDRESS}/32`, "dev", "lo"]);
  // Where the bridge's packet filter is part of the kernel there is no module to load.
  await attempt("modprobe", ["br_netfilter"]).catch(() => undefined);
  await attempt("sysctl", ["-qw", "net.bridge.bridge-nf-call-iptables=1"]);
  enableForwarding();
  await ensureFirewall();
}

/** Starts the kubelet and the Services' proxy. */
export async function startNode(binary: string): Promise<void> {
  await startKubelet(binary);
  await startProxy(binary);
}

async function startKubelet(binary: string): Promise<void> {
  const health = await port("kubeletHealth");
  const configuration = inCluster("kubelet.json");
  writeJson(configuration, await kubeletConfiguration(health));
  const args = [
    "kubelet",
    `--config=${configuration}`,
    `--kubeconfig=${kubeconfigOf("kubelet")}`,
    `--hostname-override=${NODE_NAME}`,
    `--node-ip=${NODE_ADDRESS}`,
    `--root-dir=${inCluster("kubelet")}`,
    `--cert-dir=${inCluster("serving", "kubelet")}`,
    ...(await credentialProviderArguments()),
  ];
  // The credential provider, a child of the kubelet, must trust the emulated Azure.
  const env = { SANDBOX_DIR: inState(), NODE_EXTRA_CA_CERTS: caBundle };
  await startDaemon({ name: "kubelet", command: binary, args, env });
  await untilServing("kubelet", () => healthy(health), 60_000);
}

async function kubeletConfiguration(health: number): Promise<object> {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: NODE_ADDRESS,
    port: await port("kubelet"),
    healthzBindAddress: "127.0.0.1",
    healthzPort: health,
    tlsCertFile: pki("kubelet-server.crt"),
    tlsPrivateKeyFile: pki("kubelet-server.key"),
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: pki("ca.crt") },
    },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: `unix://${runtimeSocket}`,
    cgroupDriver: "cgroupfs",
    failCgroupV1: false,
    failSwapOn: false,
    // There is no cluster DNS: pods use the host's name servers. Without any the kubelet would warn.
    clusterDNS: nameServers(),
    clusterDomain: "cluster.local",
    podLogsDir: inCluster("pod-logs"),
    volumePluginDir: inCluster("volume-plugins"),
    // The disk is the developer's: the kubelet must not delete images because it is full.
    imageGCHighThresholdPercent: 100,
    evictionHard: {
      "memory.available": "50Mi",
      "nodefs.available": "1%",
      "nodefs.inodesFree": "1%",
      "imagefs.available": "1%",
    },
  };
}

/** The host's name servers that pods can reach. */
function nameServers(): string[] {
  // A resolver on loopback keeps the servers that it asks in a file of its own.
  const files = ["/run/systemd/resolve/resolv.conf", "/etc/resolv.conf"].filter(fs.existsSync);
  const text = files.map((file) => fs.readFileSync(file, "utf8")).join("\n");
  return reachableNameServers(text).slice(0, 1);
}

/** The IPv4 name servers in the text of a resolv.conf, but for those on loopback. */
export function reachableNameServers(text: string): string[] {
  const servers = [...text.matchAll(/^nameserver\s+(\d+\.\d+\.\d+\.\d+)\s*$/gm)];
  return servers.map(([, address]) => address ?? "").filter((one) => !one.startsWith("127."));
}

/** Lets the kubelet sign in to the registries as its identity in Azure. */
async function credentialProviderArguments(): Promise<string[]> {
  const launcher = path.join(checkout, "sandbox", "cluster", CREDENTIAL_PROVIDER);
  linkProgram(CREDENTIAL_PROVIDER, launcher);
  const configuration = inCluster("credential-provider.json");
  const content = {
    apiVersion: "kubelet.config.k8s.io/v1",
    kind: "CredentialProviderConfig",
    providers: [
      {
        name: CREDENTIAL_PROVIDER,
        apiVersion: "credentialprovider.kubelet.k8s.io/v1",
        // A pattern matches only images of the very port that it names.
        matchImages: (await registryPorts()).map((one) => `127.0.0.1:${one}`),
        defaultCacheDuration: "0s",
      },
    ],
  };
  writeJson(configuration, content);
  return [
    `--image-credential-provider-config=${configuration}`,
    `--image-credential-provider-bin-dir=${inState("bin")}`,
  ];
}

async function startProxy(binary: string): Promise<void> {
  const health = await port("proxyHealth");
  const configuration = inCluster("kube-proxy.json");
  const content = {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    clientConnection: { kubeconfig: kubeconfigOf("kube-proxy") },
    hostnameOverride: NODE_NAME,
    bindAddress: NODE_ADDRESS,
    healthzBindAddress: `127.0.0.1:${health}`,
    metricsBindAddress: `127.0.0.1:${await port("proxyMetrics")}`,
    mode: "iptables",
    clusterCIDR: POD_NETWORK,
    // Node ports answer on the pods' network only: on every address they would reach the host's uplink.
    nodePortAddresses: [`${POD_GATEWAY}/32`],
    // The limits of the host's connection table are the host's.
    conntrack: { maxPerCore: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
  writeJson(configuration, content);
  const args = ["kube-proxy", `--config=${configuration}`];
  await startDaemon({ name: "kube-proxy", command: binary, args });
  await untilServing("kube-proxy", () => healthy(health), 60_000);
}

async function healthy(healthPort: number): Promise<boolean> {
  const url = `http://127.0.0.1:${healthPort}/healthz`;
  return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
}

/** Makes the folder in which the node keeps its pods. */
export function prepareFolders(): void {
  for (const folder of ["kubelet", "pod-logs", "volume-plugins"]) {
    fs.mkdirSync(inCluster(folder), { recursive: true });
  }
}
