import * as fs from "node:fs";
import { attempt, run } from "./command";
import { inState, readJson, writeWhole } from "./layout";

const FORWARDING = "/proc/sys/net/ipv4/ip_forward";

/** Folders outside the state folder that Docker and Kubernetes create, and whose path cannot be configured. */
const hostFolders = [
  "/etc/docker",
  "/run/containerd",
  "/run/docker",
  "/run/flannel",
  "/run/netns",
  "/var/lib/cni",
  "/var/lib/kubelet",
  "/var/log/containers",
];

/** The host's settings before the sandbox changed them, and the parts that need the change. */
interface HostState {
  ipForward: string;
  forwardPolicy: string;
  /** Those of `hostFolders` that were not there. */
  absentFolders: string[];
  parts: string[];
}

/** Records the host's settings before `part` changes them, unless another part did so already. */
export async function saveHostState(part: string): Promise<void> {
  const before = readJson<HostState>(file()) ?? (await currentState());
  const parts = [...new Set([...before.parts, part])];
  writeWhole(file(), JSON.stringify({ ...before, parts }));
}

/** Restores the host's settings when `part` is the last one that needed them changed. */
export async function restoreHostState(part: string): Promise<void> {
  const before = readJson<HostState>(file());
  if (before === undefined) return;
  const parts = before.parts.filter((other) => other !== part);
  if (parts.length > 0) {
    writeWhole(file(), JSON.stringify({ ...before, parts }));
    return;
  }
  await run("iptables", ["-w", "-P", "FORWARD", before.forwardPolicy]);
  fs.writeFileSync(FORWARDING, `${before.ipForward}\n`);
  for (const folder of before.absentFolders) fs.rmSync(folder, { recursive: true, force: true });
  fs.rmSync(file());
}

/** Lets the host pass packets between its interfaces. */
export function enableForwarding(): void {
  fs.writeFileSync(FORWARDING, "1\n");
}

async function currentState(): Promise<HostState> {
  const rules = await attempt("iptables", ["-w", "-S", "FORWARD"]);
  return {
    ipForward: fs.readFileSync(FORWARDING, "utf8").trim(),
    forwardPolicy: /^-P FORWARD (\w+)/m.exec(rules.stdout)?.[1] ?? "ACCEPT",
    absentFolders: hostFolders.filter((folder) => !fs.existsSync(folder)),
    parts: [],
  };
}

function file(): string {
  return inState("run", "host.json");
}
