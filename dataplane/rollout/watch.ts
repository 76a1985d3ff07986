import { setTimeout as delay } from "node:timers/promises";
import type { Log } from "../engineLog";
import { isPassing } from "../kubernetes/errors";
import type { Run } from "../run";
import type { Verdict, WatchTimes } from "./verdict";

const POLL_MS = 1000;

/** How often a line stays in the log, where a terminal shows each. */
const REPEAT_MS = 8_000;

/** How long the cluster may be out of reach in the middle of a watch. */
const OUTAGE_MS = 60_000;

/** Something in a cluster that becomes ready, or does not. */
export interface Watched<T> {
  /** For messages: `Deployment team/scoring`. */
  readonly name: string;
  /** Reads it. @param round number of the look, from 0. */
  look(times: WatchTimes, round: number): Promise<{ readonly verdict: Verdict; readonly seen: T }>;
  /** Lines that explain why it is not ready: what a user would look up next. */
  explain(seen: T): Promise<readonly string[]>;
}

/** How to watch. */
export interface WatchOptions extends Run {
  readonly timeoutSeconds: number;
}

/**
 * Looks until it is ready, and returns what was seen then.
 *
 * @throws Error with the reasons when it is not ready in time, will not become ready at all, or the user
 * cancels.
 */
export async function watch<T>(watched: Watched<T>, options: WatchOptions): Promise<T> {
  try {
    return await untilReady(watched, options);
  } catch (error) {
    if (!options.signal.aborted) throw error;
    const message = `cancelled while watching ${watched.name}; the next \`up\` goes on watching`;
    throw new Error(message, { cause: error });
  }
}

async function untilReady<T>(watched: Watched<T>, options: WatchOptions): Promise<T> {
  const { log, signal, timeoutSeconds } = options;
  const since = Date.now();
  const say = progressOf(log, since);
  for (let round = 0; ; round++) {
    const times = { since, now: Date.now() };
    const { verdict, seen } = await reach(() => watched.look(times, round), signal);
    if (verdict.state === "ready") return seen;
    if (verdict.state === "hopeless") throw await failure(watched, seen, verdict.message);
    if (times.now - since > timeoutSeconds * 1000) {
      const late = `not ready after ${timeoutSeconds} s: ${verdict.message}`;
      throw await failure(watched, seen, late);
    }
    say(`${watched.name}: ${verdict.message}`);
    await delay(POLL_MS, undefined, { signal });
  }
}

/** Says each line that is new where there is a terminal, and now and then one that stays. */
function progressOf(log: Log, since: number): (message: string) => void {
  let said = "";
  let stayedAt = since;
  return (message) => {
    if (Date.now() - stayedAt >= REPEAT_MS) {
      stayedAt = Date.now();
      log.info(message);
    } else if (message !== said) {
      log.status(message);
    }
    said = message;
  };
}

/** Repeats a request while the cluster is busy or out of reach. */
async function reach<T>(request: () => Promise<T>, signal: AbortSignal): Promise<T> {
  const end = Date.now() + OUTAGE_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await request();
    } catch (error) {
      if (!isPassing(error) || Date.now() > end) throw error;
      await delay(POLL_MS, undefined, { signal });
    }
  }
}

async function failure<T>(watched: Watched<T>, seen: T, message: string): Promise<Error> {
  const reasons = await watched
    .explain(seen)
    .catch((error: unknown) => [`its pods and events cannot be read: ${String(error)}`]);
  return new Error([`${watched.name} failed: ${message}`, ...reasons].join("\n"));
}
