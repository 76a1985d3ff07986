import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { inState } from "../host/layout";
import { endLeftovers, identify } from "../host/processes";
import { progress } from "../host/progress";
import { operationArguments, pulumi, STACK, type Deployment } from "./stack";

/** Creates the stack or selects it, and removes what a killed engine left of its work on it. */
export async function selectStack(): Promise<void> {
  await pulumi(["stack", "select", "--create", STACK]);
  await endOrphans();
  removeDeadLocks();
  await clearPending();
}

/** Ends an engine whose run was killed, and the language host of a killed engine. */
async function endOrphans(): Promise<void> {
  await endLeftovers((line, parent) => parent === 1 && isEngineOfRun(line), 15_000);
  const host = inState("bin", "pulumi-language-nodejs");
  await endLeftovers((line, parent) => parent === 1 && line.startsWith(`${host} `));
}

/** Whether a command line is that of an engine which the sandbox started to deploy or destroy. */
export function isEngineOfRun(line: string): boolean {
  return (["up", "destroy"] as const).some((verb) =>
    line.startsWith(`pulumi ${operationArguments(verb).join(" ")}`),
  );
}

/** What the engine's file backend writes while it works on a stack. */
interface StackLock {
  pid: number;
  hostname: string;
}

/** Removes the locks of engines of this host that no longer live. */
export function removeDeadLocks(): void {
  const locks = inState("pulumi", ".pulumi", "locks");
  if (!fs.existsSync(locks)) return;
  for (const entry of fs.readdirSync(locks, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".json")) continue;
    const file = path.join(entry.parentPath, entry.name);
    const lock = JSON.parse(fs.readFileSync(file, "utf8")) as StackLock;
    if (lock.hostname !== os.hostname() || identify(lock.pid) !== undefined) continue;
    fs.rmSync(file);
    progress.say(`  removed the lock of process ${lock.pid}, which is gone`);
  }
}

/**
 * Forgets creations that a killed engine had begun, so that the next run begins them again. The plugins
 * refuse to create what exists, so each kind of creation has its own way to be repeated: the stand-in
 * for azure-native finishes exactly those creations of its own that the engine never recorded, the
 * program lets the kubernetes provider adopt objects, and an image may be pushed twice.
 */
async function clearPending(): Promise<void> {
  const exported = JSON.parse(await pulumi(["stack", "export", "--stack", STACK])) as Deployment;
  const pending = exported.deployment.pending_operations ?? [];
  if (pending.length === 0) return;
  progress.say(`  an earlier run was cut off: ${pending.length} operation(s) begin again`);
  const deployment = { ...exported.deployment, pending_operations: [] };
  const input = JSON.stringify({ ...exported, deployment });
  await pulumi(["stack", "import", "--stack", STACK], input);
}
