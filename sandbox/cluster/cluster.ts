import * as fs from "node:fs";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import type { ClusterAccess } from "../azure/cluster/contract";
import { build } from "../engine/goBuild";
import { daemonProcess, logFile, startDaemon, stopDaemon } from "../host/daemons";
import { inState, nodeScript, readJson, writeWhole } from "../host/layout";
import { withLock } from "../host/lock";
import { ensurePrerequisites } from "../host/prerequisites";
import { eventually } from "../host/processes";
import { progress } from "../host/progress";
import { SandboxError } from "../host/sandboxError";
import versions from "../versions.json";
import { NODE_NAME } from "./addresses";
import { cleanNode, removeData } from "./cleaning";
import { startControlPlane } from "./controlPlane";
import { apiServer, ensureCredentials, pki } from "./credentials";
import { prepareFolders, prepareNetwork, startNode } from "./node";
import { adminKubeconfig, clusterDaemons, daemonGroups, kubernetes } from "./paths";
import { startRuntime } from "./runtime";

/** Milliseconds that a command waits for another to finish; a first start may build Kubernetes. */
export const CLUSTER_PATIENCE = 15 * 60_000;

/** Milliseconds from SIGTERM to SIGKILL: the API server would wait for every watch to end. */
const GRACE = 3_000;

/** Starts the parts of the cluster that do not run, and waits until pods can be scheduled. */
export async function startCluster(name: string): Promise<ClusterAccess> {
  await ensurePrerequisites();
  claim(name);
  const binary = await build(kubernetes);
  if (!clusterRuns()) await progress.step("clear what an earlier run left", stopCluster);
  await progress.step("credentials of the cluster", ensureCredentials);
  await progress.step("network of the cluster", prepareNode);
  await progress.step("control plane and container runtime", async () => {
    await Promise.all([startControlPlane(binary), startRuntime()]);
  });
  await progress.step("node", async (report) => {
    const since = new Date(Date.now() - 1_000);
    const fresh = daemonProcess("kubelet") === undefined;
    await startNode(binary);
    await startLoadBalancers();
    await untilUsable(fresh ? since : new Date(0));
    report("ready");
  });
  return address();
}

/** Ends every process of the cluster and removes what it did to the host; its data stays. */
export async function stopCluster(): Promise<void> {
  for (const group of daemonGroups) await Promise.all(group.map((name) => stopDaemon(name, GRACE)));
  await cleanNode();
}

/** Stops the cluster and removes its data. */
export async function deleteCluster(name: string): Promise<void> {
  const held = clusterName();
  if (held !== undefined && held !== name) return;
  await stopCluster();
  removeData();
  fs.rmSync(inState("cluster.json"), { force: true });
}

/** Stops the cluster until it is started in Azure. */
export async function stopClusterForGood(name: string): Promise<void> {
  if (clusterName() !== name) return;
  await stopCluster();
  note({ name, stopped: true });
}

/** Starts the cluster again if it ran when the sandbox was stopped. */
export async function resumeCluster(): Promise<void> {
  const cluster = readJson<ClusterNote>(inState("cluster.json"));
  if (cluster === undefined || cluster.stopped) return;
  await withLock("cluster", CLUSTER_PATIENCE, () => startCluster(cluster.name));
}

/** The name of the cluster whose data is kept; undefined when there is none. */
export function clusterName(): string | undefined {
  return readJson<ClusterNote>(inState("cluster.json"))?.name;
}

/** Whether every daemon of the cluster lives. */
export function clusterRuns(): boolean {
  return clusterDaemons.every((daemon) => daemonProcess(daemon) !== undefined);
}

function claim(name: string): void {
  const held = clusterName();
  if (held !== undefined && held !== name) {
    throw new SandboxError(
      `the sandbox runs the cluster ${held}, and it can run one cluster at a time`,
      `Delete ${held} first`,
    );
  }
  note({ name, stopped: false });
}

/** What is recorded of the cluster whose data is kept. */
interface ClusterNote {
  name: string;
  /** Whether it was stopped in Azure, and stays stopped when the sandbox starts. */
  stopped: boolean;
}

function note(cluster: ClusterNote): void {
  writeWhole(inState("cluster.json"), JSON.stringify(cluster));
}

async function prepareNode(): Promise<void> {
  prepareFolders();
  await prepareNetwork();
}

async function startLoadBalancers(): Promise<void> {
  const [command, ...args] = nodeScript("sandbox/cluster/loadBalancerDaemon.ts");
  await startDaemon({ name: "load-balancer", command, args, env: { SANDBOX_DIR: inState() } });
}

/** Waits until the node is ready, by a report that is not older than `since`, and pods can be made. */
async function untilUsable(since: Date): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(adminKubeconfig);
  const api = config.makeApiClient(CoreV1Api);
  const usable = async () => {
    const node = await api.readNode({ name: NODE_NAME });
    const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
    const heard = ready?.lastHeartbeatTime?.getTime() ?? 0;
    if (ready?.status !== "True" || heard < since.getTime()) return false;
    await api.readNamespacedServiceAccount({ namespace: "default", name: "default" });
    return true;
  };
  if (await eventually(() => usable().catch(() => false), 120_000)) return;
  throw new SandboxError(
    "the node did not become ready within 2 minutes",
    `See ${logFile("kubelet")}`,
  );
}

async function address(): Promise<ClusterAccess> {
  return {
    server: await apiServer(),
    caData: fs.readFileSync(pki("ca.crt")).toString("base64"),
    adminKubeconfig: fs.readFileSync(adminKubeconfig, "utf8"),
    kubernetesVersion: versions.kubernetes,
  };
}
