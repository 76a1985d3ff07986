import { selectStack } from "../engine/recovery";
import { destroy, stackHoldsResources } from "../engine/stack";
import { progress } from "../host/progress";
import { start } from "./start";
import { stop } from "./stop";

/** Destroys what the program deployed, and stops every part. */
export async function down(): Promise<void> {
  if (stackHoldsResources()) {
    await start();
    await progress.step("stack", selectStack);
    await destroy();
  }
  await stop();
}
