import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { lastLines } from "./command";
import { inState, readJson, writeWhole } from "./layout";
import { SandboxError } from "./sandboxError";

/** One process, told apart from a later one with the same number by its start. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks from boot to the start of the process, and the boot. */
  started: string;
}

/** What to run as a daemon. */
export interface Daemon {
  /** Names its pid file and log. */
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string | undefined>;
  cwd?: string;
}

/** Identifies a living process; undefined when there is none of that number, or only a zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const fields = statFields(pid);
  if (fields === undefined) return undefined;
  if (fields[0] === "Z" || fields[0] === "X") return undefined;
  const boot = readProc("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  return { pid, started: `${boot}:${fields[19] ?? ""}` };
}

/** Whether that very process still lives. */
export function lives(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.started === identity.started;
}

/** The daemon's process, if it lives. */
export function daemonProcess(name: string): ProcessIdentity | undefined {
  const identity = readJson<ProcessIdentity>(pidFile(name));
  return identity !== undefined && lives(identity) ? identity : undefined;
}

/** Where the daemon writes. */
export function logFile(name: string): string {
  return inState("logs", `${name}.log`);
}

/** Starts the daemon unless it lives. */
export async function startDaemon(daemon: Daemon): Promise<void> {
  if (daemonProcess(daemon.name) !== undefined) return;
  // A run killed between the start and the pid file left a process that nothing else tells of.
  const line = [daemon.command, ...daemon.args].join(" ");
  await endLeftovers((other) => other === line);
  mkdirSync(inState("logs"), { recursive: true });
  const log = openSync(logFile(daemon.name), "a");
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
  await started.finally(() => closeSync(log));
  child.unref();
  const identity = identify(child.pid ?? 0);
  if (identity === undefined) throw endedEarly(daemon.name);
  writeWhole(pidFile(daemon.name), JSON.stringify(identity));
}

/**
 * Ends the daemon: first by SIGTERM, after `grace` milliseconds by SIGKILL.
 * @returns whether there was anything to end.
 */
export async function stopDaemon(name: string, grace = 10_000): Promise<boolean> {
  const identity = daemonProcess(name);
  if (identity !== undefined) await endProcess(identity, grace);
  rmSync(pidFile(name), { force: true });
  return identity !== undefined;
}

/** Ends one process: first by SIGTERM, after `grace` milliseconds by SIGKILL. */
export async function endProcess(identity: ProcessIdentity, grace: number): Promise<void> {
  signal(identity, "SIGTERM");
  if (await eventually(() => !lives(identity), grace)) return;
  signal(identity, "SIGKILL");
  await eventually(() => !lives(identity), 5_000);
}

/**
 * Ends every living process that `mine` recognises by its command line and its parent: 1 means that
 * whoever started it is gone.
 * @param grace milliseconds from SIGTERM to SIGKILL.
 */
export async function endLeftovers(
  mine: (commandLine: string, parent: number) => boolean,
  grace = 3_000,
): Promise<number> {
  const found = processIds().filter(
    (pid) => pid !== process.pid && mine(commandLine(pid), parentOf(pid)),
  );
  const identities = found.map(identify).filter((identity) => identity !== undefined);
  await Promise.all(identities.map((identity) => endProcess(identity, grace)));
  return identities.length;
}

/** Numbers of all processes. */
function processIds(): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number {
  return Number(statFields(pid)?.[1]);
}

/** The fields of a process's stat file from its state on; undefined when there is no such process. */
function statFields(pid: number): string[] | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  // The command's name may hold spaces and parentheses: the fields begin behind the last one.
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function commandLine(pid: number): string {
  return (readProc(`/proc/${pid}/cmdline`) ?? "").replaceAll("\0", " ").trim();
}

/**
 * Waits until the daemon serves.
 * @param serves says whether it does; throwing counts as no.
 * @throws SandboxError with the end of its log when it ended, or did not serve in `patience` milliseconds.
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

/** Polls until the condition holds; false when it does not within `patience` milliseconds. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  patience: number,
): Promise<boolean> {
  const deadline = Date.now() + patience;
  for (;;) {
    if (await condition()) return true;
    if (Date.now() >= deadline) return false;
    await pause(100);
  }
}

function endedEarly(name: string): SandboxError {
  return new SandboxError(`${name} ended at once, see ${logFile(name)}:\n${logEnding(name)}`);
}

function logEnding(name: string): string {
  return lastLines(readProc(logFile(name)) ?? "", 8);
}

function pidFile(name: string): string {
  return inState("run", `${basename(name)}.pid`);
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (lives(identity)) process.kill(identity.pid, name);
  } catch (error) {
    // It ended between the look and the signal, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** Processes come and go while one looks: a file that is not there reads as undefined. */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}
