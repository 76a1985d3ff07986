import type { Entries } from "../config/entries";
import { isEntries } from "../config/entries";
import type { Report } from "../config/schema";
import type { ClusterConfig } from "./config";

/**
 * Whether the nodes of a VM size are of the Arm architecture: a `p` among the small letters after the number
 * of processors says so, as in `Standard_D4ps_v5`.
 *
 * @see https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions
 */
export function isArmSize(vmSize: string): boolean {
  return /^Standard_[A-Z]+\d+(-\d+)?[a-z]*p[a-z]*(_|$)/.test(vmSize);
}

/** Refuses a cluster of Arm nodes for images that this program builds, which are for amd64. */
export function refuseArmNodes(
  cluster: ClusterConfig,
  builtServices: readonly string[],
  raw: Entries,
  report: Report,
): void {
  const [service] = builtServices;
  if (cluster.mode !== "create" || service === undefined || !isArmSize(cluster.nodes.vmSize)) {
    return;
  }
  const nodes = isEntries(raw.cluster) && isEntries(raw.cluster.nodes) ? raw.cluster.nodes : {};
  report({
    path: ["cluster", "nodes", "vmSize"],
    value: nodes.vmSize,
    rule: `must be a size of amd64 machines: it is one of Arm machines, on which the image that ${service} builds does not run`,
    remedy: "choose a size without a p after the number, or name images of Arm by image.digest",
  });
}
