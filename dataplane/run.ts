import type { Log } from "./engineLog";

/** What surrounds one operation on a resource. */
export interface Run {
  readonly log: Log;
  /** Aborted when the user interrupts the engine: whoever waits has to stop at once. */
  readonly signal: AbortSignal;
}
