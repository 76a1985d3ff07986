import { closeSync, mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { inState, readJson } from "./layout";
import { identify, lives, type ProcessIdentity } from "./processes";
import { SandboxError } from "./sandboxError";

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
  const deadline = Date.now() + patience;
  while (!take(file)) {
    const holder = readJson<ProcessIdentity>(file);
    if (holder === undefined || !lives(holder)) rmSync(file, { force: true });
    else if (Date.now() < deadline) await pause(200);
    else {
      const remedy = `Wait for it, or end process ${holder.pid}`;
      throw new SandboxError(`another "sandbox ${name}" is under way`, remedy);
    }
  }
  try {
    return await action();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  mkdirSync(dirname(file), { recursive: true });
  try {
    const handle = openSync(file, "wx");
    writeFileSync(handle, JSON.stringify(identify(process.pid)));
    closeSync(handle);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
