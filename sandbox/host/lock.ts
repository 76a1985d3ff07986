import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { inState } from "./layout";
import { SandboxError } from "./sandboxError";

/** How util-linux' flock ends when another process holds the lock; told apart from its own errors. */
const HELD_BY_ANOTHER = 75;

/**
 * Runs an action while no other process of this checkout runs one under the same name.
 * @param patience milliseconds to wait for another process to finish.
 * @throws SandboxError when it does not finish in that time.
 */
export async function withLock<T>(
  name: string,
  patience: number,
  action: () => Promise<T>,
): Promise<T> {
  const file = inState("run", `${name}.lock`);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const keeper = await acquire(file, patience);
  if (keeper === undefined) {
    const remedy = `Wait for it, or end process ${fs.readFileSync(file, "utf8").trim()}`;
    throw new SandboxError(`another "sandbox ${name}" is running`, remedy);
  }
  try {
    // For the message above only: the kernel knows who holds the lock.
    fs.writeFileSync(file, `${process.pid}\n`);
    return await action();
  } finally {
    await release(keeper);
  }
}

/**
 * Takes the kernel's lock on a file. A child holds it for as long as our end of its standard input is
 * open, so that the kernel releases it however this process ends. The file is never deleted: no
 * process can then hold a lock on a file of which another process sees a successor.
 * @returns the child; undefined when another process keeps the lock.
 */
async function acquire(file: string, patience: number): Promise<ChildProcess | undefined> {
  const wait = [
    "--timeout",
    String(patience / 1_000),
    "--conflict-exit-code",
    `${HELD_BY_ANOTHER}`,
  ];
  const hold = ["sh", "-c", "echo locked && exec cat >/dev/null"];
  // `--no-fork`: the process that holds the lock is the one that we started.
  const keeper = spawn("flock", ["--exclusive", "--no-fork", ...wait, file, ...hold], {
    stdio: ["pipe", "pipe", "inherit"],
    // A key press that interrupts this process must not release its lock first.
    detached: true,
  });
  const status = await new Promise<"locked" | number | null>((done, failed) => {
    keeper.stdout.once("data", () => done("locked"));
    keeper.once("error", failed);
    keeper.once("exit", done);
  });
  if (status === "locked") return keeper;
  if (status === HELD_BY_ANOTHER) return undefined;
  throw new SandboxError(`the lock ${file} could not be taken (flock ended with ${status})`);
}

async function release(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null || keeper.signalCode !== null) return;
  const ended = new Promise((done) => keeper.once("exit", done));
  keeper.stdin?.end();
  await ended;
}
