import { setTimeout } from "node:timers/promises";
import type { Run } from "../run";
import type { RegistryTasks, RunState, RunStatus } from "./registryTasks";
import type { RunLog } from "./runLog";

const PAUSE_MS = 2_000;
/** How often a log is read again that is not complete although its run has ended. */
const LAST_READS = 5;
const UNDER_WAY: readonly RunStatus[] = ["Queued", "Started", "Running"];

/** A run that was scheduled. */
export interface ScheduledRun {
  readonly id: string;
  readonly tasks: Pick<RegistryTasks, "state" | "cancel">;
  readonly log: RunLog;
}

async function show(log: RunLog, run: Run): Promise<void> {
  for (const line of await log.read()) run.log.status(line);
}

async function end({ id, tasks, log }: ScheduledRun, run: Run): Promise<RunState> {
  let before: RunStatus | undefined;
  for (;;) {
    run.signal.throwIfAborted();
    const state = await tasks.state(id);
    if (state.status !== before) run.log.status(`run ${id} of the registry: ${state.status}`);
    before = state.status;
    await show(log, run);
    if (!UNDER_WAY.includes(state.status)) return state;
    await setTimeout(PAUSE_MS, undefined, { signal: run.signal });
  }
}

function failure(id: string, { status, message }: RunState, log: RunLog): Error {
  const parts = [`run ${id} of the registry ended as ${status}`, message, log.tail];
  return new Error(parts.filter((part) => part).join("\n"));
}

/**
 * Waits for the end of a run and shows its log meanwhile. A run is cancelled when the user
 * interrupts the engine.
 *
 * @throws Error with the last lines of the log when the run does not succeed.
 */
export async function followRun(scheduled: ScheduledRun, run: Run): Promise<void> {
  const { id, tasks, log } = scheduled;
  let state: RunState;
  try {
    state = await end(scheduled, run);
  } catch (error) {
    if (!run.signal.aborted) throw error;
    await tasks.cancel(id);
    throw new Error(`interrupted: run ${id} of the registry was cancelled`, { cause: error });
  }
  if (state.status === "Succeeded") return;
  for (let reads = 0; reads < LAST_READS && !log.isComplete; reads += 1) {
    await setTimeout(PAUSE_MS, undefined, { signal: run.signal });
    await show(log, run);
  }
  throw failure(id, state, log);
}
