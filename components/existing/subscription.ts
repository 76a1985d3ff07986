import type { Faults } from "../config/faults";
import type { ProgramConfig } from "../config/program";
import { managedClusterId } from "../resourceIds/resourceIds";
import { configKey } from "./refusal";

/** Refuses what exists in another subscription than the one that azure-native works in. */
export function refuseOtherSubscription(
  { workspace, cluster }: ProgramConfig,
  ours: string,
  faults: Faults,
): void {
  const refuse = (path: string, theirs: string): void => {
    // Azure compares ids without their letters' case.
    if (theirs.toLowerCase() === ours.toLowerCase()) return;
    faults.add({
      key: configKey(path),
      value: theirs,
      rule: `must lie in the subscription that azure-native works in (${ours})`,
      remedy: `run \`pulumi config set azure-native:subscriptionId ${theirs}\``,
    });
  };
  if (workspace.mode === "existing") refuse("workspace.configFile", workspace.subscriptionId);
  if (cluster.mode === "attach") {
    refuse("cluster.resourceId", managedClusterId(cluster.resourceId).subscriptionId);
  }
}
