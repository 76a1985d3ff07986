import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { lastLines } from "./command";
import { inState } from "./layout";
import { PidFile } from "./pidFile";
import { endLeftovers, type ProcessIdentity } from "./processes";
import { SandboxError } from "./sandboxError";

/** What to run as a daemon. */
export interface Daemon {
  /** Names its pid file and log. */
  name: string;
  command: string;
  args: string[];
  /** Added to this process's environment. */
  env?: Record<string, string>;
  cwd?: string;
}

/** The folder of the daemons' pid files below a state folder. */
export function pidFolder(stateFolder: string = inState()): string {
  return `${stateFolder}/run`;
}

/** The daemon's process, if it lives. */
export function daemonProcess(name: string): ProcessIdentity | undefined {
  return pidFile(name).living();
}

/** The daemon's log. */
export function logFile(name: string): string {
  return inState("logs", `${name}.log`);
}

/** Starts the daemon unless it lives. */
export async function startDaemon(daemon: Daemon): Promise<void> {
  if (daemonProcess(daemon.name) !== undefined) return;
  // A run killed between the start and the pid file left a process without any record.
  const line = [daemon.command, ...daemon.args].join(" ");
  await endLeftovers((other) => other === line);
  fs.mkdirSync(inState("logs"), { recursive: true });
  const log = fs.openSync(logFile(daemon.name), "a");
  const child = spawn(daemon.command, daemon.args, {
    cwd: daemon.cwd,
    env: { ...process.env, ...daemon.env },
    detached: true,
    stdio: ["ignore", log, log],
  });
  const started = new Promise<void>((done, failed) => {
    child.once("spawn", done);
    child.once("error", failed);
  });
  await started.finally(() => fs.closeSync(log));
  child.unref();
  if (!pidFile(daemon.name).record(child.pid)) throw endedEarly(daemon.name);
}

/**
 * Ends the daemon: first by SIGTERM, then by SIGKILL.
 * @param grace milliseconds from SIGTERM to SIGKILL.
 * @returns whether there was anything to end.
 */
export async function stopDaemon(name: string, grace = 10_000): Promise<boolean> {
  return pidFile(name).end(grace);
}

/**
 * Waits until the daemon serves.
 * @param serves says whether it does; a rejection counts as no.
 * @param patience milliseconds after which to give up.
 * @throws SandboxError with the end of its log when it ended, or did not serve in time.
 */
export async function untilServing(
  name: string,
  serves: () => Promise<boolean>,
  patience: number,
): Promise<void> {
  const deadline = Date.now() + patience;
  while (Date.now() < deadline) {
    if (await serves().catch(() => false)) return;
    if (daemonProcess(name) === undefined) throw endedEarly(name);
    await pause(200);
  }
  throw new SandboxError(`${name} does not answer, see ${logFile(name)}:\n${logEnding(name)}`);
}

function endedEarly(name: string): SandboxError {
  return new SandboxError(
    `${name} ended right after its start, see ${logFile(name)}:\n${logEnding(name)}`,
  );
}

function logEnding(name: string): string {
  const log = logFile(name);
  return fs.existsSync(log) ? lastLines(fs.readFileSync(log, "utf8"), 8) : "";
}

function pidFile(name: string): PidFile {
  return new PidFile(pidFolder(), name);
}
