import * as fs from "node:fs";
import { cacheFolder, stateFolder } from "../host/layout";
import { progress } from "../host/progress";
import { messageOf } from "../host/sandboxError";
import { down } from "./down";
import { stop } from "./stop";

/** Does what `down` does, and removes the state and the caches. */
export async function purge(): Promise<void> {
  try {
    await down();
  } catch (error) {
    // What could not be destroyed is in the folders removed below, or in a cluster of the user's own.
    progress.say(`  ${messageOf(error)}`);
    await stop();
  }
  await progress.step("remove the state and the caches", () => {
    for (const folder of [stateFolder, cacheFolder]) {
      fs.rmSync(folder, { recursive: true, force: true });
    }
    return Promise.resolve();
  });
}
