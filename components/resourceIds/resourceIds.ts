/** The parts of a managed cluster's resource id. */
export interface ManagedClusterId {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly clusterName: string;
}

// Azure writes ids in mixed case ("resourcegroups" in the portal), and compares them without it.
const MANAGED_CLUSTER_ID =
  /^\/subscriptions\/([0-9a-f-]{36})\/resourceGroups\/([^/]{1,90})\/providers\/Microsoft\.ContainerService\/managedClusters\/([^/]{1,63})$/i;

/** The sentence for a fault about such an id. */
export const MANAGED_CLUSTER_ID_RULE =
  "must be the resource id of an AKS cluster: /subscriptions/<id>/resourceGroups/<name>/providers/Microsoft.ContainerService/managedClusters/<name>";

/** @returns undefined when the string is not the resource id of a managed cluster. */
export function parseManagedClusterId(id: string): ManagedClusterId | undefined {
  const match = MANAGED_CLUSTER_ID.exec(id);
  const [, subscriptionId, resourceGroupName, clusterName] = match ?? [];
  if (!subscriptionId || !resourceGroupName || !clusterName) return undefined;
  return { subscriptionId, resourceGroupName, clusterName };
}

/**
 * The parts of a managed cluster's resource id.
 *
 * @throws Error when the string is not such an id, which the configuration's checks rule out.
 */
export function managedClusterId(id: string): ManagedClusterId {
  const parts = parseManagedClusterId(id);
  if (parts === undefined) throw new Error(`"${id}" is not the id of a managed cluster`);
  return parts;
}

/** Name of the resource that an ARM id ends with. */
export function nameFromId(id: string): string {
  return id.slice(id.lastIndexOf("/") + 1);
}

/** Value of one `/segment/value` pair of an ARM id. */
function segment(id: string, name: string): string {
  const value = new RegExp(`/${name}/([^/]+)`, "i").exec(id)?.[1];
  if (value === undefined) throw new Error(`"${id}" names no ${name}`);
  return value;
}

/**
 * Resource group that an ARM id lies in.
 *
 * @throws Error when the id has none, as the id of a subscription.
 */
export function resourceGroupFromId(id: string): string {
  return segment(id, "resourceGroups");
}

/**
 * Subscription that an ARM id lies in.
 *
 * @throws Error when the id has none.
 */
export function subscriptionFromId(id: string): string {
  return segment(id, "subscriptions");
}
