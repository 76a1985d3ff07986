import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { attempt, run } from "./command";
import { inState, readJson, writeWhole } from "./layout";

const FORWARDING = "/proc/sys/net/ipv4/ip_forward";

/** Folders outside the state folder whose place Docker and Kubernetes do not let one choose. */
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

/** What the host was like before the sandbox, and which parts need it otherwise now. */
interface HostState {
  ipForward: string;
  forwardPolicy: string;
  /** Those of `hostFolders` that were not there. */
  absentFolders: string[];
  parts: string[];
}

/** Remembers what the host is like before `part`, the first to do so, changes it. */
export async function saveHostState(part: string): Promise<void> {
  const before = readJson<HostState>(file()) ?? (await currentState());
  const parts = [...new Set([...before.parts, part])];
  writeWhole(file(), JSON.stringify({ ...before, parts }));
}

/** Makes the host what it was when `part` is the last that needed it otherwise. */
export async function restoreHostState(part: string): Promise<void> {
  const before = readJson<HostState>(file());
  if (before === undefined) return;
  const parts = before.parts.filter((other) => other !== part);
  if (parts.length > 0) {
    writeWhole(file(), JSON.stringify({ ...before, parts }));
    return;
  }
  await run("iptables", ["-w", "-P", "FORWARD", before.forwardPolicy]);
  writeFileSync(FORWARDING, `${before.ipForward}\n`);
  for (const folder of before.absentFolders) rmSync(folder, { recursive: true, force: true });
  rmSync(file());
}

/** Lets the host pass packets between its interfaces. */
export function enableForwarding(): void {
  writeFileSync(FORWARDING, "1\n");
}

async function currentState(): Promise<HostState> {
  const rules = await attempt("iptables", ["-w", "-S", "FORWARD"]);
  return {
    ipForward: readFileSync(FORWARDING, "utf8").trim(),
    forwardPolicy: /^-P FORWARD (\w+)/m.exec(rules.stdout)?.[1] ?? "ACCEPT",
    absentFolders: hostFolders.filter((folder) => !existsSync(folder)),
    parts: [],
  };
}

function file(): string {
  return inState("run", "host.json");
}
