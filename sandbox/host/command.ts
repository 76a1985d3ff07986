import { spawn } from "node:child_process";
import * as fs from "node:fs";
import type { Readable } from "node:stream";
import { SandboxError } from "./sandboxError";

/** How to run a command. */
export interface CommandOptions {
  cwd?: string;
  /** Added to this process's environment; undefined removes a variable. */
  env?: Record<string, string | undefined>;
  /** Milliseconds after which the command is killed and has failed; none by default. */
  timeout?: number;
  /** What it reads from its standard input; nothing by default. */
  input?: string;
  /** A file to which all output is appended as well. */
  log?: string;
  /** Called with each line of output as it comes. */
  onLine?: (line: string) => void;
}

/** How a command ended. */
export interface CommandResult {
  /** Exit status; null when a signal ended it. */
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end, whatever its exit status. */
export async function attempt(
  command: string,
  args: string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["pipe", "pipe", "pipe"],
    timeout: options.timeout,
    killSignal: "SIGKILL",
  });
  const log =
    options.log === undefined ? undefined : fs.createWriteStream(options.log, { flags: "a" });
  // A command that ends without reading its input is judged by its status alone.
  child.stdin.on("error", () => child.stdin.destroy());
  child.stdin.end(options.input ?? "");
  const stdout = gather(child.stdout, options, log);
  const stderr = gather(child.stderr, options, log);
  const status = await new Promise<number | null>((done, failed) => {
    child.on("error", failed);
    child.on("close", done);
  });
  log?.end();
  return { status, stdout: stdout(), stderr: stderr() };
}

/**
 * Runs a command and gives its standard output.
 * @throws SandboxError with the end of its output when it fails or cannot be started.
 */
export async function run(
  command: string,
  args: string[],
  options: CommandOptions = {},
): Promise<string> {
  const result = await attempt(command, args, options).catch((error: NodeJS.ErrnoException) => {
    throw new SandboxError(`${command} could not be started (${error.code ?? error.message})`);
  });
  if (result.status === 0) return result.stdout;
  const ending = lastLines(`${result.stdout}\n${result.stderr}`, 12);
  const how = result.status === null ? "was killed (time-out?)" : `failed (${result.status})`;
  throw new SandboxError(`${command} ${args.slice(0, 3).join(" ")} ${how}:\n${ending}`);
}

/** The last lines of a string that are not blank. */
export function lastLines(text: string, count: number): string {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines.slice(-count).join("\n");
}

function gather(
  stream: Readable,
  options: CommandOptions,
  log: NodeJS.WritableStream | undefined,
): () => string {
  const chunks: string[] = [];
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (chunk: string) => {
    chunks.push(chunk);
    log?.write(chunk);
    if (options.onLine === undefined) return;
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    lines.forEach(options.onLine);
  });
  return () => chunks.join("");
}
