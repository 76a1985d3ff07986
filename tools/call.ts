import { spawnSync, type SpawnSyncReturns } from "node:child_process";

/** Runs a command to its end with the variables of this process; `error` is set where there is none. */
export function call(command: string, args: readonly string[]): SpawnSyncReturns<string> {
  return spawnSync(command, args, { encoding: "utf8", env: process.env });
}
