import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { attempt, run, type CommandResult } from "../host/command";
import { sandboxEnvironment } from "./environment";
import { checkout, inState, readJson } from "../host/layout";
import { endLeftovers, identify } from "../host/processes";
import { progress } from "../host/progress";
import { SandboxError } from "../host/sandboxError";

/** The stack that runs in the sandbox. */
export const STACK = "sandbox";

/** One service among the stack's outputs. */
export interface ServiceOutput {
  scoringUri: string;
  swaggerUri: string;
  primaryKey: string;
}

/** Creates the stack or selects it, and clears what a killed engine left of it. */
export async function selectStack(): Promise<void> {
  await pulumi(["stack", "select", "--create", STACK]);
  await recover();
}

/**
 * Takes away what a killed run left: an engine that works for nobody, or of a killed engine its language
 * host, its lock, and the note of what it had begun.
 */
async function recover(): Promise<void> {
  await endLeftovers((line, parent) => parent === 1 && isEngineOfRun(line), 15_000);
  const host = inState("bin", "pulumi-language-nodejs");
  await endLeftovers((line, parent) => parent === 1 && line.startsWith(`${host} `));
  removeDeadLocks();
  await clearPending();
}

/** Whether a command line is that of an engine which `deploy` or `destroy` started. */
export function isEngineOfRun(line: string): boolean {
  return ["up", "destroy"].some((verb) =>
    line.startsWith(`pulumi ${operationArguments(verb).join(" ")}`),
  );
}

function operationArguments(verb: string): string[] {
  return [verb, "--yes", "--skip-preview", "--stack", STACK];
}

/** Whether the stack holds anything that would have to be destroyed; asks no engine. */
export function stackHoldsResources(): boolean {
  const file = inState("pulumi", ".pulumi", "stacks", "azureml-aks", `${STACK}.json`);
  const latest = readJson<Checkpoint>(file)?.checkpoint.latest;
  return [latest?.resources, latest?.pending_operations].some((list) => (list ?? []).length > 0);
}

interface Checkpoint {
  checkpoint: { latest?: Deployment["deployment"] };
}

/** Deploys the program. */
export async function deploy(): Promise<void> {
  await operation("pulumi up", "up");
}

/** Destroys everything the program deployed. */
export async function destroy(): Promise<void> {
  await operation("pulumi destroy", "destroy");
}

/** The deployed services by name, keys in clear. */
export async function deployedServices(): Promise<Record<string, ServiceOutput>> {
  const args = ["stack", "output", "services", "--json", "--show-secrets", "--stack", STACK];
  return JSON.parse(await pulumi(args)) as Record<string, ServiceOutput>;
}

interface Deployment {
  deployment: {
    resources?: { type: string }[];
    pending_operations?: { type: string }[];
  };
}

/**
 * Forgets creations that a killed engine had begun, so that the next run begins them again: the parts
 * of the sandbox answer to a second creation as Azure does, by taking it as an update.
 */
async function clearPending(): Promise<void> {
  const text = await pulumi(["stack", "export", "--stack", STACK]);
  const exported = JSON.parse(text) as Deployment;
  const pending = exported.deployment.pending_operations ?? [];
  if (pending.length === 0) return;
  progress.say(`  an earlier run was cut off: ${pending.length} operation(s) begin again`);
  const deployment = { ...exported.deployment, pending_operations: [] };
  const input = JSON.stringify({ ...exported, deployment });
  await run("pulumi", ["stack", "import", "--stack", STACK], { ...context(), input });
}

/** Runs an operation with the engine's own display, shown as it comes. */
async function operation(title: string, verb: string): Promise<void> {
  const log = inState("logs", "pulumi.log");
  let shown = 0;
  await progress.step(title, async (report) => {
    const onLine = (line: string) => {
      const text = line.trim();
      if (text === "") return;
      if (isOutcome(text)) progress.say(`  ${text}`);
      else report(`${++shown} events`);
    };
    const options = { ...context(), log, onLine };
    const all = [
      ...operationArguments(verb),
      "--non-interactive",
      "--color=never",
      "--suppress-outputs",
    ];
    const result = await attempt("pulumi", all, options);
    report("");
    if (result.status !== 0) throw failure(title, result, log);
  });
}

/** Lines of the engine's display that say what came of a resource. */
export function isOutcome(line: string): boolean {
  return /^[-+~]+ .* (created|updated|deleted|replaced|\*\*\S+ failed\*\*)( |$)/.test(line);
}

function failure(title: string, result: CommandResult, log: string): SandboxError {
  const text = `${result.stdout}\n${result.stderr}`;
  const start = text.indexOf("Diagnostics:");
  const said = start < 0 ? text.slice(-2_000) : text.slice(start, start + 4_000);
  const lines = said.split("\n").filter((line) => !/^\s*warning: using pulumi-/.test(line));
  return new SandboxError(`${title} failed, all of it in ${log}:\n${lines.join("\n").trimEnd()}`);
}

async function pulumi(args: string[]): Promise<string> {
  return run("pulumi", [...args, "--non-interactive"], context());
}

function context(): { cwd: string; env: Record<string, string> } {
  return { cwd: checkout, env: sandboxEnvironment() };
}

/** What the engine's file backend writes while it works on a stack. */
interface StackLock {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

/** A killed engine leaves its lock behind; one whose process is gone from this host is no lock. */
export function removeDeadLocks(): void {
  const locks = inState("pulumi", ".pulumi", "locks");
  if (!existsSync(locks)) return;
  for (const entry of readdirSync(locks, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !entry.name.endsWith(".json")) continue;
    const path = join(entry.parentPath, entry.name);
    const lock = JSON.parse(readFileSync(path, "utf8")) as StackLock;
    if (lock.hostname !== hostname() || identify(lock.pid) !== undefined) continue;
    rmSync(path);
    progress.say(`  removed the lock of process ${lock.pid}, which is gone`);
  }
}
