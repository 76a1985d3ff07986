import { spawnSync, type SpawnSyncReturns } from "node:child_process";

/** What stops a command: one line that ends with what to do. */
export class CommandError extends Error {}

/** A configuration may hold samples of 1 MiB each, Node.js's limit for all that is printed. */
const LARGEST_OUTPUT = 64 * 1024 * 1024;

/**
 * Runs a command to its end with the variables of this process; `error` is set where there is none.
 *
 * @param input what the command reads from its standard input.
 */
export function call(
  command: string,
  args: readonly string[],
  input?: string,
): SpawnSyncReturns<string> {
  const maxBuffer = LARGEST_OUTPUT;
  return spawnSync(command, args, { encoding: "utf8", env: process.env, input, maxBuffer });
}
