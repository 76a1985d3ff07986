import * as fs from "node:fs";
import * as path from "node:path";
import { attempt, run } from "../host/command";
import { restoreHostState } from "../host/hostState";
import { readJson } from "../host/layout";
import { unmountBelow } from "../host/mounts";
import { loopbackAddresses, removeLink, removeRules } from "../host/network";
import { endLeftovers, endProcess, identify } from "../host/processes";
import { CNI_NETWORK, HOST_NETWORK, POD_BRIDGE } from "./addresses";
import { inCluster, inRuntime, runtimeSocket } from "./paths";

const CGROUPS = "/sys/fs/cgroup";
const CNI_RESULTS = "/var/lib/cni/results";
/** Where runc keeps the state of the pods of every containerd of the host. */
const RUNC_STATE = "/run/containerd/runc/k8s.io";
const CONTAINER_LOGS = "/var/log/containers";

/** Ends what runs in pods, and removes everything that pods and Services had on the host. */
export async function cleanNode(): Promise<void> {
  await endPods();
  await endLeftovers((line) => line.includes(runtimeSocket) && line.includes("containerd-shim"));
  await unmountBelow(inCluster());
  await unmountBelow(inRuntime());
  await removeNetworkNamespaces();
  await removeLink(POD_BRIDGE);
  await removeRules(/^(KUBE-|CNI-|AZUREML-AKS$)/, [POD_BRIDGE]);
  await releaseAddresses();
  fs.rmSync(inCluster("addresses"), { recursive: true, force: true });
  fs.rmSync(RUNC_STATE, { recursive: true, force: true });
  for (const suffix of ["", ".ttrpc"]) fs.rmSync(`${runtimeSocket}${suffix}`, { force: true });
  removeContainerLogLinks();
  await restoreHostState("kubernetes");
}

/** Ends processes by control group: it lists a pod's processes even when the runtime is gone. */
async function endPods(): Promise<void> {
  for (const group of podGroups()) {
    const pids = groupProcesses(group);
    const identities = pids.map(identify).filter((identity) => identity !== undefined);
    await Promise.all(identities.map((identity) => endProcess(identity, 2_000)));
    removeGroup(group);
  }
}

/** The pods' control groups: one for each controller in version 1, one in all in version 2. */
function podGroups(): string[] {
  const roots = [CGROUPS, ...subfolders(CGROUPS)];
  return roots.map((root) => path.join(root, "kubepods")).filter((group) => fs.existsSync(group));
}

function groupProcesses(group: string): number[] {
  const own = fs.readFileSync(path.join(group, "cgroup.procs"), "utf8").split("\n").filter(Boolean);
  return [...own.map(Number), ...subfolders(group).flatMap(groupProcesses)];
}

function removeGroup(group: string): void {
  subfolders(group).forEach(removeGroup);
  try {
    fs.rmdirSync(group);
  } catch (error) {
    // The kernel may still be ending the last process; an empty group that is left is harmless.
    if ((error as NodeJS.ErrnoException).code !== "EBUSY") throw error;
  }
}

function subfolders(folder: string): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name));
}

/** The CNI library's records tell which network namespaces are the pods'. */
async function removeNetworkNamespaces(): Promise<void> {
  if (!fs.existsSync(CNI_RESULTS)) return;
  for (const name of fs.readdirSync(CNI_RESULTS)) {
    const note = readJson<CniNote>(path.join(CNI_RESULTS, name));
    if (!name.startsWith(`${CNI_NETWORK}-`) && !name.startsWith("cni-loopback-")) continue;
    const namespaces = (note?.result?.interfaces ?? []).map(({ sandbox }) => sandbox ?? "");
    for (const namespace of namespaces.filter((file) => file !== "" && fs.existsSync(file))) {
      await attempt("umount", ["--lazy", namespace]);
      fs.rmSync(namespace, { force: true });
    }
    fs.rmSync(path.join(CNI_RESULTS, name));
  }
}

interface CniNote {
  result?: { interfaces?: { sandbox?: string }[] };
}

/** Removes every address of the sandbox from loopback. */
async function releaseAddresses(): Promise<void> {
  for (const address of await loopbackAddresses(HOST_NETWORK)) {
    await run("ip", ["address", "delete", address, "dev", "lo"]);
  }
}

/** The kubelet's links into its own log folder. */
function removeContainerLogLinks(): void {
  if (!fs.existsSync(CONTAINER_LOGS)) return;
  for (const name of fs.readdirSync(CONTAINER_LOGS)) {
    if (!fs.existsSync(path.join(CONTAINER_LOGS, name))) fs.rmSync(path.join(CONTAINER_LOGS, name));
  }
}

/** Removes the cluster's data. */
export function removeData(): void {
  fs.rmSync(inCluster(), { recursive: true, force: true });
  for (const name of ["root", "state", "opt"]) {
    fs.rmSync(inRuntime(name), { recursive: true, force: true });
  }
}
