import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as https from "node:https";
import * as path from "node:path";

/** Result of a command that has ended. */
export interface Finished {
  readonly code: number | null;
  /** Standard output and error, in the order they came. */
  readonly output: string;
}

/** How to run a command. */
export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export const ROOT = path.resolve(__dirname, "../..");
const LOG = path.join(ROOT, ".sandbox/logs/end-to-end.log");

/** Environment of a shell that has sourced `.sandbox/env`; the plain one before there is such a file. */
export function sandboxEnvironment(): NodeJS.ProcessEnv {
  const file = path.join(ROOT, ".sandbox/env");
  if (!fs.existsSync(file)) return { ...process.env };
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const [, name, value] of fs
    .readFileSync(file, "utf8")
    .matchAll(/export ([A-Z_]+)='([^']*)'/g)) {
    if (name !== undefined && name !== "PATH") env[name] = value;
  }
  env.PATH = `${path.join(ROOT, ".sandbox/bin")}:${process.env.PATH}`;
  return env;
}

function log(text: string): void {
  fs.mkdirSync(path.dirname(LOG), { recursive: true });
  fs.appendFileSync(LOG, text);
}

/** A command that runs beside the test. */
export interface Running {
  readonly pid: number;
  readonly finished: Promise<Finished>;
  /** What it has printed so far. */
  output(): string;
}

/** Starts a command in a process group of its own. */
export function start(command: string, args: readonly string[], options: RunOptions = {}): Running {
  log(`\n$ ${command} ${args.join(" ")}\n`);
  const child = spawn(command, args, {
    cwd: options.cwd ?? ROOT,
    env: { ...sandboxEnvironment(), ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  });
  let output = "";
  const take = (data: Buffer) => {
    output += data.toString();
    log(data.toString());
  };
  child.stdout.on("data", take);
  child.stderr.on("data", take);
  const finished = new Promise<Finished>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, output }));
  });
  return { pid: child.pid ?? -1, finished, output: () => output };
}

/** Runs a command to its end, whatever that is. */
export function attempt(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return start(command, args, options).finished;
}

/**
 * Runs a command that must succeed.
 *
 * @throws Error with the end of its output when it does not.
 */
export async function run(
  command: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, output } = await attempt(command, args, options);
  if (code === 0) return output;
  throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output.slice(-6000)}`);
}

/** Arguments that name the sandbox's stack, whichever one is selected. */
export const STACK = ["--stack", "sandbox"] as const;

/** Runs Pulumi on the sandbox's stack; it must succeed. */
export function pulumi(...args: readonly string[]): Promise<string> {
  return run("pulumi", [...args, ...STACK, "--non-interactive"]);
}

/** Runs Pulumi on the sandbox's stack to its end, whatever that is. */
export function attemptPulumi(
  args: readonly string[],
  options: RunOptions = {},
): Promise<Finished> {
  return attempt("pulumi", [...args, ...STACK, "--non-interactive"], options);
}

/** Outputs of a stack, with its secrets. */
export async function stackOutputs(stack = "sandbox"): Promise<Outputs> {
  const text = await run("pulumi", ["stack", "output", "--json", "--show-secrets", "-s", stack]);
  return JSON.parse(text.slice(text.indexOf("{"))) as Outputs;
}

/** What the program exports. */
export interface Outputs {
  readonly workspaceId: string;
  readonly registryLoginServer: string;
  readonly clusterId: string;
  readonly kubeconfig: string;
  readonly services: Readonly<Record<string, ServiceOutput>>;
}

/** What the program exports for one service. */
export interface ServiceOutput {
  readonly scoringUri: string;
  readonly swaggerUri: string;
  readonly primaryKey: string;
  readonly secondaryKey: string;
  readonly models: readonly { readonly name: string; readonly version: string }[];
  readonly imageDigest: string;
  readonly namespace: string;
}

/** An answer over HTTPS. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A request to a part of the sandbox, which the sandbox's own authority vouches for. */
export function request(
  url: string,
  options: https.RequestOptions = {},
  body?: string,
): Promise<Answer> {
  const ca = fs.readFileSync(path.join(ROOT, ".sandbox/pki/ca.crt"));
  return new Promise((resolve, reject) => {
    const call = https.request(url, { ca, ...options }, (response) => {
      let text = "";
      response.on("data", (data: Buffer) => (text += data.toString()));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    call.on("error", reject);
    call.end(body);
  });
}
