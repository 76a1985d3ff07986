import { setTimeout as delay } from "node:timers/promises";
import type { Context } from "../protocol";
import { ApiError, isNotFound } from "./apiError";
import { awaitReady, timeoutSeconds } from "./await/wait";
import { retrying } from "./cluster";
import type { Cluster } from "./cluster";
import type { Configuration } from "./configuration";
import { annotation, describe, isAnnotatedTrue, referenceOf } from "./object";
import type { KubernetesObject, ObjectReference } from "./object";

const CONFLICT_HELP =
  "another manager has set the same fields; take them over with the annotation " +
  '"pulumi.com/patchForce": "true", or leave them out of the program';

/** How long a cluster that has just been created may take until it answers. */
const START_SECONDS = 30;

const DELETE_SECONDS = 600;

/** What an operation on one object works with. */
export interface Operation {
  cluster: Cluster;
  configuration: Configuration;
  fieldManager: string;
  context: Context;
  timeout?: number;
}

/**
 * Creates the object and waits until it is ready.
 *
 * @throws Error when it exists already, unless the provider is told to adopt existing objects
 * @throws NotReadyError when it was created but does not become ready
 */
export async function createObject(
  object: KubernetesObject,
  operation: Operation,
): Promise<KubernetesObject> {
  const { cluster, configuration, context } = operation;
  const reference = referenceOf(object);
  const applied = await retrying(
    async () => {
      if (!configuration.upsertExistingObjects) await refuseExisting(cluster, reference);
      return apply(object, operation);
    },
    START_SECONDS,
    context.signal,
  ).catch((error: unknown) => {
    if (!(error instanceof ApiError)) throw error;
    const problem = `${describe(reference)} was not created: ${error.message}`;
    throw new Error(problem, { cause: error });
  });
  return awaitReady(applied, { cluster, ...context, timeout: operation.timeout });
}

async function refuseExisting(cluster: Cluster, reference: ObjectReference): Promise<void> {
  const existing = await cluster.get(reference).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (existing) {
    const message = `it already exists; import it, or let the provider adopt existing objects with upsertExistingObjects`;
    throw new ApiError(409, "AlreadyExists", message);
  }
}

/**
 * Brings the object to the given inputs and waits until it is ready again.
 *
 * @throws Error when it no longer exists
 * @throws NotReadyError when it was changed but does not become ready
 */
export async function updateObject(
  object: KubernetesObject,
  operation: Operation,
): Promise<KubernetesObject> {
  const { cluster, context } = operation;
  const reference = referenceOf(object);
  try {
    await retrying(() => cluster.get(reference), START_SECONDS, context.signal);
    const applied = await apply(object, operation);
    return await awaitReady(applied, { cluster, ...context, timeout: operation.timeout });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const hint = isNotFound(error) ? "; run `pulumi refresh` if it was deleted" : "";
    const problem = `${describe(reference)} was not updated: ${error.message}${hint}`;
    throw new Error(problem, { cause: error });
  }
}

async function apply(
  object: KubernetesObject,
  { cluster, fieldManager }: Operation,
): Promise<KubernetesObject> {
  const force = isAnnotatedTrue(object, "patchForce");
  const manager = annotation(object, "patchFieldManager") ?? fieldManager;
  return cluster.apply(object, { fieldManager: manager, force }).catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.reason !== "Conflict") throw error;
    throw new ApiError(error.status, error.reason, `${error.message}: ${CONFLICT_HELP}`);
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
  const seconds = timeoutSeconds(object, timeout, DELETE_SECONDS);
  const start = Date.now();
  let live = await requestDeletion(cluster, reference);
  if (isAnnotatedTrue(object, "skipAwait")) return;
  while (live !== undefined && live.metadata.uid === (object.metadata.uid ?? live.metadata.uid)) {
    if (Date.now() - start > seconds * 1000) {
      throw new Error(
        `${describe(reference)} is not gone after ${seconds} s: ${remaining(live).join("; ")}`,
      );
    }
    log.status(`waiting until it is gone: ${remaining(live).join("; ")}`);
    await delay(1000, undefined, { signal });
    live = await retrying(() => readObject(cluster, reference), START_SECONDS, signal);
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
