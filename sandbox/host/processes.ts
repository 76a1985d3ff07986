import * as fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** One process, told apart by its start time from a later process with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** The boot's id, and the clock ticks from boot to the start of the process. */
  started: string;
}

/** Identifies a living process; undefined when there is none with that number, or only a zombie. */
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

/**
 * Ends one process: first by SIGTERM, then by SIGKILL.
 * @param grace milliseconds from SIGTERM to SIGKILL.
 */
export async function endProcess(identity: ProcessIdentity, grace: number): Promise<void> {
  signal(identity, "SIGTERM");
  if (await eventually(() => !lives(identity), grace)) return;
  signal(identity, "SIGKILL");
  await eventually(() => !lives(identity), 5_000);
}

/**
 * Ends every living process that `mine` recognises by its command line and its parent. The parent is 1
 * when the process that started it is gone.
 * @param grace milliseconds from SIGTERM to SIGKILL.
 */
export async function endLeftovers(
  mine: (commandLine: string, parent: number) => boolean,
  grace = 3_000,
): Promise<void> {
  const found = processIds().filter(
    (pid) => pid !== process.pid && mine(commandLine(pid), parentOf(pid)),
  );
  const identities = found.map(identify).filter((identity) => identity !== undefined);
  await Promise.all(identities.map((identity) => endProcess(identity, grace)));
}

/**
 * Polls until the condition holds.
 * @param patience milliseconds after which to give up.
 * @returns whether the condition held in time.
 */
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

/** Numbers of all processes. */
function processIds(): number[] {
  return fs
    .readdirSync("/proc")
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

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    if (lives(identity)) process.kill(identity.pid, name);
  } catch (error) {
    // It ended between the check and the signal, which is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}

/** A file of /proc; undefined when its process has ended. */
function readProc(path: string): string | undefined {
  try {
    return fs.readFileSync(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ESRCH") return undefined;
    throw error;
  }
}
