import { setTimeout } from "node:timers/promises";

const FIRST_POLL_MS = 100;
const SLOWEST_POLL_MS = 2_000;
const PROGRESS_AFTER_MS = 1_000;

/** How long to wait, how to cancel, and how to show progress. */
export interface Waiting {
  readonly signal: AbortSignal;
  /** Seconds. */
  readonly timeout: number;
  progress(message: string): void;
}

/** Looks ever less often until there is a result; rejects when the time is up or on cancellation. */
export async function poll<Result>(
  waiting: Waiting,
  subject: string,
  look: () => Promise<Result | undefined>,
): Promise<Result> {
  const started = Date.now();
  for (let pause = FIRST_POLL_MS; ; pause = Math.min(pause * 1.5, SLOWEST_POLL_MS)) {
    const result = await look();
    if (result !== undefined) return result;
    const elapsed = Date.now() - started;
    if (elapsed > waiting.timeout * 1000) {
      throw new Error(`gave up after waiting ${waiting.timeout} s for ${subject}`);
    }
    if (elapsed > PROGRESS_AFTER_MS) {
      waiting.progress(`waiting for ${subject} (${Math.round(elapsed / 1000)} s)`);
    }
    await setTimeout(pause, undefined, { signal: waiting.signal });
  }
}
