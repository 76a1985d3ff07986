import { compare, diffOf, hasUnknown, isMap, revealMap } from "../protocol";
import type { Change, Diff, PropertyMap } from "../protocol";

/** Which of the kinds' data may change in place, against the default. */
export interface Mutability {
  secrets: boolean;
  configMaps: boolean;
}

const IDENTITY = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

/** Fields that the API server refuses to change, by API group and kind. */
const IMMUTABLE: Readonly<Record<string, readonly string[]>> = {
  "apps/Deployment": ["spec.selector"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/ReplicaSet": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.podManagementPolicy",
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
  ],
  "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
  "/PersistentVolumeClaim": [
    "spec.accessModes",
    "spec.selector",
    "spec.storageClassName",
    "spec.volumeName",
  ],
  "/PersistentVolume": ["spec.csi", "spec.hostPath", "spec.local", "spec.nfs"],
  "/Pod": ["spec"],
  "/ResourceQuota": ["spec.scopes"],
  "/Service": ["spec.clusterIP"],
};

function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.lastIndexOf("/")) : "";
}

/** The paths of which a change replaces the object. */
export function replacePaths(
  olds: PropertyMap,
  news: PropertyMap,
  mutability: Mutability,
): readonly string[] {
  const { apiVersion, kind } = news;
  const isKnown = typeof apiVersion === "string" && typeof kind === "string";
  const fields = isKnown ? IMMUTABLE[`${groupOf(apiVersion)}/${kind}`] : undefined;
  if (kind === "Secret") {
    const data = ["data", "stringData", "immutable"];
    return [...IDENTITY, "type", ...(isMutable(olds, mutability.secrets) ? [] : data)];
  }
  if (kind === "ConfigMap") {
    const data = ["data", "binaryData", "immutable"];
    return [...IDENTITY, ...(isMutable(olds, mutability.configMaps) ? [] : data)];
  }
  return [...IDENTITY, ...(fields ?? [])];
}

function isMutable(olds: PropertyMap, allowed: boolean): boolean {
  return allowed && olds["immutable"] !== true;
}

/** Written by the plugin, and no part of what the program asked for. */
function isInternal({ path: [first] }: Change): boolean {
  return typeof first === "string" && first.startsWith("__");
}

/**
 * What changes between two sets of inputs. No contact with the cluster: what it would say is already in
 * the old inputs, which a refresh brings up to date.
 */
export function diffObject(olds: PropertyMap, news: PropertyMap, mutability: Mutability): Diff {
  const before = revealMap(olds);
  const after = revealMap(news);
  const changes = compare(before, after).filter((change) => !isInternal(change));
  return diffOf(changes, {
    replaceOn: replacePaths(before, after, mutability),
    deleteBeforeReplace: occupiesSameName(before, after),
  });
}

/** Two objects of one kind, name and namespace cannot exist at once. */
function occupiesSameName(before: PropertyMap, after: PropertyMap): boolean {
  const old = before["metadata"];
  const wanted = after["metadata"];
  if (!isMap(old) || !isMap(wanted) || hasUnknown(wanted)) return true;
  if (isMap(wanted["annotations"]) && wanted["annotations"]["pulumi.com/autonamed"] === "true") {
    return false;
  }
  const isSame = (key: string) => old[key] === wanted[key];
  return before["kind"] === after["kind"] && isSame("name") && isSame("namespace");
}
