import type { Running } from "./sandbox";

const PAUSE_MS = 100;
const LONGEST_WAIT_MS = 15 * 60 * 1000;

/**
 * Waits until a run has printed something.
 *
 * @throws Error with all that it printed when that takes a quarter of an hour.
 */
export async function untilPrinted(up: Running, text: RegExp): Promise<void> {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  while (!text.test(up.output())) {
    if (Date.now() > deadline) throw new Error(`${text} was never printed:\n${up.output()}`);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Kills the engine, and nothing but the engine: its plugins must cope with that by themselves. */
export async function killEngine(up: Running): Promise<void> {
  process.kill(up.pid, "SIGKILL");
  await up.finished;
}
