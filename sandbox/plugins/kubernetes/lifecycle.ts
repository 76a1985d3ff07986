import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "../protocol";
import { ApiError, isNotFound } from "./apiError";
import { retrying } from "./cluster";
import type { Cluster } from "./cluster";
import type { Configuration } from "./configuration";
import { CREATOR, hasCreatorsFields, managedFields, takeOver, withIgnored } from "./fieldManagers";
import { annotation, describe, isAnnotatedTrue, referenceOf } from "./object";
import type { KubernetesObject, ObjectReference } from "./object";

const CONFLICT_GUIDE =
  "https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/" +
  "managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources";

/** How long a server that is busy is asked again. */
const BUSY_SECONDS = 30;

const DELETE_SECONDS = 600;

/** Kinds whose removal is not waited for either when the object says that nothing is. */
const UNAWAITED_REMOVALS = ["Deployment", "Namespace"];

/** What an operation on one object works with. */
export interface Operation {
  cluster: Cluster;
  configuration: Configuration;
  fieldManager: string;
  context: Context;
  /** Only asks what would come of it. */
  preview?: boolean;
  timeout?: number;
}

/**
 * Creates the object.
 *
 * @throws ApiError when it exists already, unless the provider is told to adopt existing objects
 */
export async function createObject(
  object: KubernetesObject,
  operation: Operation,
): Promise<KubernetesObject> {
  const { cluster, configuration, context, preview = false } = operation;
  return retrying(
    () =>
      configuration.upsertExistingObjects
        ? apply(object, operation, preview)
        : cluster.create(object, { fieldManager: CREATOR, preview }),
    BUSY_SECONDS,
    context.signal,
  );
}

/** What an update has to know besides the new object. */
export interface Update {
  ignoreChanges: readonly string[];
  /** Manager of the fields so far. */
  oldFieldManager: string;
}

/**
 * Brings the object to the given inputs.
 *
 * @throws ApiError when it no longer exists, or others hold the fields
 */
export async function updateObject(
  object: KubernetesObject,
  update: Update,
  operation: Operation,
): Promise<KubernetesObject> {
  const { cluster, context, fieldManager: manager, preview = false } = operation;
  const reference = referenceOf(object);
  const found = await retrying(() => cluster.get(reference), BUSY_SECONDS, context.signal);
  const live = preview ? found : await takeOverFields(found, operation);
  const { ignoreChanges, oldFieldManager } = update;
  const wanted = withIgnored(object, live, { manager, ignoreChanges });
  const applied = await apply(wanted, operation, preview && hasCreatorsFields(live));
  if (!preview && oldFieldManager !== manager) await relinquish(applied, oldFieldManager, cluster);
  return applied;
}

async function takeOverFields(
  live: KubernetesObject,
  { cluster, fieldManager }: Operation,
): Promise<KubernetesObject> {
  const taken = takeOver(managedFields(live), fieldManager);
  return taken === undefined ? live : cluster.replaceManagedFields(referenceOf(live), taken);
}

/** Lets go of all fields that the manager holds; those that nobody else holds are removed. */
async function relinquish(
  { apiVersion, kind, metadata: { name, namespace } }: KubernetesObject,
  fieldManager: string,
  cluster: Cluster,
): Promise<void> {
  const identity = { apiVersion, kind, metadata: { name, namespace } };
  await cluster.apply(identity, { fieldManager, force: false, preview: false });
}

async function apply(
  object: KubernetesObject,
  { cluster, fieldManager, preview = false }: Operation,
  isForced: boolean,
): Promise<KubernetesObject> {
  const force = isForced || isAnnotatedTrue(object, "patchForce");
  return cluster.apply(object, { fieldManager, force, preview }).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.reason !== "Conflict") throw error;
    const { status, reason, message } = error;
    throw new ApiError(
      status,
      reason,
      `server-side apply field conflict detected, see ${CONFLICT_GUIDE} for troubleshooting help\n` +
        `The resource managed by field manager "${fieldManager}" had an apply conflict: ${message}`,
    );
  });
}

/** The object as it is now; undefined when it does not exist or is going. */
export async function readObject(
  cluster: Cluster,
  reference: ObjectReference,
): Promise<KubernetesObject | undefined> {
  try {
    return await cluster.get(reference);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Deletes the object and all it owns, and waits until it is gone. One that is gone already is no error. */
export async function deleteObject(
  object: KubernetesObject,
  { cluster, context, timeout }: Operation,
): Promise<void> {
  const reference = referenceOf(object);
  const { signal, log } = context;
  const annotated = Number(annotation(object, "timeoutSeconds"));
  const seconds = timeout ?? (annotated > 0 ? annotated : DELETE_SECONDS);
  const start = Date.now();
  let live = await requestDeletion(cluster, reference);
  if (isAnnotatedTrue(object, "skipAwait") && UNAWAITED_REMOVALS.includes(object.kind)) return;
  while (live !== undefined && live.metadata.uid === (object.metadata.uid ?? live.metadata.uid)) {
    if (Date.now() - start > seconds * 1000) {
      throw new Error(
        `${describe(reference)} is not gone after ${seconds} s: ${remaining(live).join("; ")}`,
      );
    }
    log.status(`waiting until it is gone: ${remaining(live).join("; ")}`);
    await delay(1000, undefined, { signal });
    live = await retrying(() => readObject(cluster, reference), BUSY_SECONDS, signal);
  }
}

async function requestDeletion(
  cluster: Cluster,
  reference: ObjectReference,
): Promise<KubernetesObject | undefined> {
  try {
    await cluster.remove(reference);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
  return readObject(cluster, reference);
}

interface Removal {
  status?: { conditions?: { status?: string; message?: string }[] };
}

/** What keeps the object: a namespace says so in its conditions, any other object by its finalizers. */
function remaining(live: KubernetesObject & Removal): string[] {
  const messages = (live.status?.conditions ?? [])
    .filter(({ status, message }) => status === "True" && message)
    .map(({ message }) => message ?? "");
  if (live.kind === "Namespace" && messages.length > 0) return messages;
  const { finalizers = [] } = live.metadata;
  return [finalizers.length > 0 ? `finalizers ${finalizers.join(", ")}` : "its contents are going"];
}
