import { attempt, run, type CommandResult } from "../host/command";
import { checkout, inState, readJson } from "../host/layout";
import { progress } from "../host/progress";
import { SandboxError } from "../host/sandboxError";
import { sandboxEnvironment } from "./environment";

/** The stack that runs in the sandbox. */
export const STACK = "sandbox";

/** One service among the stack's outputs. */
export interface ServiceOutput {
  scoringUri: string;
  primaryKey: string;
}

/** A stack's state, as `pulumi stack export` prints it. */
export interface Deployment {
  deployment: {
    resources?: unknown[];
    pending_operations?: unknown[];
  };
}

/** A stack's state, as the engine's file backend stores it. */
interface Checkpoint {
  checkpoint: { latest?: Deployment["deployment"] };
}

/** Runs the engine in the sandbox's environment, without questions, and gives what it prints. */
export async function pulumi(args: string[], input?: string): Promise<string> {
  return run("pulumi", [...args, "--non-interactive"], { ...context(), input });
}

/** The arguments of an operation on the stack; also what tells our engine from a user's. */
export function operationArguments(verb: "up" | "destroy"): string[] {
  return [verb, "--yes", "--skip-preview", "--stack", STACK];
}

/** Whether the stack holds anything that would have to be destroyed; runs no engine. */
export function stackHoldsResources(): boolean {
  const file = inState("pulumi", ".pulumi", "stacks", "azureml-aks", `${STACK}.json`);
  const latest = readJson<Checkpoint>(file)?.checkpoint.latest;
  return [latest?.resources, latest?.pending_operations].some((list) => (list ?? []).length > 0);
}

/** Deploys the program. */
export async function deploy(): Promise<void> {
  await operate("up");
}

/** Destroys everything the program deployed. */
export async function destroy(): Promise<void> {
  await operate("destroy");
}

/** The deployed services by name, keys in clear. */
export async function deployedServices(): Promise<Record<string, ServiceOutput>> {
  const args = ["stack", "output", "services", "--json", "--show-secrets", "--stack", STACK];
  return JSON.parse(await pulumi(args)) as Record<string, ServiceOutput>;
}

/** Runs an operation and shows what came of each resource as it happens. */
async function operate(verb: "up" | "destroy"): Promise<void> {
  const title = `pulumi ${verb}`;
  const log = inState("logs", "pulumi.log");
  const display = ["--non-interactive", "--color=never", "--suppress-outputs"];
  let events = 0;
  await progress.step(title, async (report) => {
    const onLine = (line: string) => {
      const text = line.trim();
      if (isOutcome(text)) progress.say(`  ${text}`);
      else if (text !== "") report(`${++events} events`);
    };
    const args = [...operationArguments(verb), ...display];
    const result = await attempt("pulumi", args, { ...context(), log, onLine });
    report("");
    if (result.status !== 0) throw failure(title, result, log);
  });
}

/** Whether a line of the engine's display says what came of a resource. */
export function isOutcome(line: string): boolean {
  return /^[-+~]+ .* (created|updated|deleted|replaced|\*\*\S+ failed\*\*)( |$)/.test(line);
}

function failure(title: string, result: CommandResult, log: string): SandboxError {
  const text = `${result.stdout}\n${result.stderr}`;
  const start = text.indexOf("Diagnostics:");
  const said = start < 0 ? text.slice(-2_000) : text.slice(start, start + 4_000);
  const lines = said.split("\n").filter((line) => !/^\s*warning: using pulumi-/.test(line));
  return new SandboxError(`${title} failed, see ${log}:\n${lines.join("\n").trimEnd()}`);
}

function context(): { cwd: string; env: Record<string, string> } {
  return { cwd: checkout, env: sandboxEnvironment() };
}
