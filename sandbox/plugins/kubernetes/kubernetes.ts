import type { JsonObject } from "../../json";
import versions from "../../versions.json";
import { hasUnknown, InitializationError, isMap, revealMap } from "../protocol";
import type {
  CheckRequest,
  CheckResult,
  Context,
  CreateRequest,
  DeleteRequest,
  Diff,
  DiffRequest,
  PropertyMap,
  Provider,
  ReadRequest,
  UpdateRequest,
} from "../protocol";
import { outputsOf, readCheckpoint } from "./checkpoint";
import type { Cluster } from "./cluster";
import {
  diffConfiguration,
  hideKubeconfig,
  parseConfiguration,
  refuseArguments,
} from "./configuration";
import { connect, type Connection } from "./connection";
import * as failures from "./failures";
import { fieldManager } from "./fieldManagers";
import { kindOf, refuseWaiting } from "./kinds";
import { createObject, deleteObject, readObject, updateObject } from "./lifecycle";
import type { Operation } from "./lifecycle";
import { completeInputs } from "./naming";
import { normalizeInputs, prune } from "./normalization";
import { idOf, referenceOf, toObject, toProperties } from "./object";
import type { KubernetesObject } from "./object";
import { diffObject } from "./replacement";
import { hideAsIn, hideSecretData } from "./secrecy";

/** Stands in for the kubernetes package where the real plugin cannot be had; the kinds that the program makes. */
export class KubernetesProvider implements Provider {
  readonly name = "kubernetes";
  readonly version = versions.plugins.kubernetes;
  private configuration = parseConfiguration({});
  private connection: Promise<Connection> | undefined;

  checkConfig({ news }: CheckRequest): Promise<CheckResult> {
    const reason = refuseArguments(news);
    const refusals = reason === undefined ? [] : [{ property: "", reason }];
    return Promise.resolve({ inputs: hideKubeconfig(news), failures: refusals });
  }

  diffConfig({ oldInputs, news }: DiffRequest): Promise<Diff> {
    return Promise.resolve(diffConfiguration(oldInputs, news));
  }

  configure({ inputs }: { inputs: PropertyMap }): Promise<void> {
    this.configuration = parseConfiguration(inputs);
    this.connection = undefined;
    return Promise.resolve();
  }

  check(request: CheckRequest): Promise<CheckResult> {
    const news = normalizeInputs({ ...request.news, ...identityOf(request.type) });
    const checked = completeInputs({ ...request, news }, this.configuration.namespace);
    const refusals = [...checked.failures, ...refuseWaiting(checked.inputs)];
    return Promise.resolve({ inputs: hideSecretData(checked.inputs), failures: refusals });
  }

  diff(request: DiffRequest): Promise<Diff> {
    return Promise.resolve(diffObject(request, this.configuration.mutableSecrets));
  }

  async create(request: CreateRequest, context: Context) {
    const { inputs, preview, urn } = request;
    if (preview && hasUnknown(inputs)) return { id: "", outputs: inputs };
    const connection = await this.connect(context.signal);
    if ("unreachable" in connection) {
      if (preview) return { id: "", outputs: inputs };
      throw failures.unreachable(connection.unreachable);
    }
    const object = toObject(revealMap(inputs));
    const manager = fieldManager(object, {});
    const operation = this.operation(connection.cluster, manager, request, context);
    const checkpoint = { inputs, fieldManager: manager, initialApiVersion: object.apiVersion };
    try {
      const live = await createObject(object, operation);
      const outputs = outputsOf(preview ? withoutStatus(live) : live, checkpoint);
      return { id: preview ? "" : idOf(live), outputs };
    } catch (error) {
      if (preview && failures.isUnpreviewable(error)) return { id: "", outputs: inputs };
      throw failures.notCreated(urn, error);
    }
  }

  async update(request: UpdateRequest, context: Context): Promise<PropertyMap> {
    const { inputs, oldOutputs, preview, ignoreChanges } = request;
    if (preview && hasUnknown(inputs)) return inputs;
    const connection = await this.connect(context.signal);
    if ("unreachable" in connection) {
      if (preview) return inputs;
      throw failures.unreachable(connection.unreachable);
    }
    const { cluster } = connection;
    const object = toObject(revealMap(inputs));
    const manager = fieldManager(object, oldOutputs);
    const oldObject = toObject(readCheckpoint(oldOutputs, request.oldInputs).inputs);
    const update = { ignoreChanges, oldFieldManager: fieldManager(oldObject, oldOutputs) };
    const known = oldOutputs["__initialApiVersion"];
    const checkpoint = {
      inputs,
      fieldManager: manager,
      initialApiVersion: typeof known === "string" ? known : object.apiVersion,
    };
    try {
      const operation = this.operation(cluster, manager, request, context);
      return outputsOf(await updateObject(object, update, operation), checkpoint);
    } catch (error) {
      const live = await readObject(cluster, referenceOf(object));
      if (live === undefined) throw failures.notUpdated(request.urn, error);
      const message = failures.notLive(idOf(live), error);
      const outputs = outputsOf(live, checkpoint);
      throw new InitializationError(message, {
        id: idOf(live),
        outputs,
        inputs,
        reasons: [message],
      });
    }
  }

  async read({ type, id, inputs, outputs }: ReadRequest, context: Context) {
    const connection = await this.connect(context.signal);
    if ("unreachable" in connection) {
      return this.giveUp(connection.unreachable, failures.UNREADABLE, context);
    }
    const live = await readObject(connection.cluster, identify(type, id));
    if (live === undefined) return undefined;
    const known = Object.keys(inputs).length > 0 ? normalizeInputs(inputs) : importInputs(live);
    const shape = toObject(revealMap(known));
    const current = hideAsIn(prune(toProperties(live) as JsonObject, shape), known);
    const initial = outputs["__initialApiVersion"];
    const checkpoint = {
      inputs: current,
      fieldManager: fieldManager(shape, outputs),
      initialApiVersion: typeof initial === "string" ? initial : live.apiVersion,
    };
    return { id, inputs: current, outputs: outputsOf(live, checkpoint) };
  }

  async delete(request: DeleteRequest, context: Context): Promise<void> {
    const connection = await this.connect(context.signal);
    if ("unreachable" in connection) {
      this.giveUp(connection.unreachable, failures.UNDELETABLE, context);
      return;
    }
    const object = toObject(revealMap(request.outputs));
    await deleteObject(object, this.operation(connection.cluster, "", request, context));
  }

  private operation(
    cluster: Cluster,
    manager: string,
    { timeout, preview }: { timeout?: number; preview?: boolean },
    context: Context,
  ): Operation {
    const { configuration } = this;
    return { cluster, configuration, fieldManager: manager, context, timeout, preview };
  }

  private connect(signal: AbortSignal): Promise<Connection> {
    this.connection ??= connect(this.configuration, signal);
    return this.connection;
  }

  /** With `deleteUnreachable` a cluster that does not answer counts as one whose objects are gone. */
  private giveUp(reason: string, refusal: string, { log }: Context): undefined {
    log.warn(`configured Kubernetes cluster is unreachable: ${reason}`);
    if (!this.configuration.deleteUnreachable) throw new Error(refusal);
    log.warn("the `deleteUnreachable` option is enabled: the object is dropped from the state");
  }
}

function identityOf(type: string): { apiVersion: string; kind: string } {
  const { apiVersion, kind } = kindOf(type);
  return { apiVersion, kind };
}

function identify(type: string, id: string) {
  const slash = id.indexOf("/");
  const namespace = slash === -1 ? undefined : id.slice(0, slash);
  return { ...identityOf(type), name: id.slice(slash + 1), namespace };
}

/** Nothing of a status is known before there is an object. */
function withoutStatus(live: KubernetesObject & { status?: unknown }): KubernetesObject {
  const bare: typeof live = { ...live, status: undefined };
  return bare;
}

const SERVER_FIELDS = [
  "creationTimestamp",
  "generation",
  "managedFields",
  "ownerReferences",
  "resourceVersion",
  "uid",
];

/** The inputs with which a program would create the object that is imported. */
function importInputs(live: KubernetesObject): PropertyMap {
  const inputs = { ...toProperties(live), status: undefined };
  const metadata = toProperties(live)["metadata"];
  const kept = Object.entries(isMap(metadata) ? metadata : {}).filter(
    ([key]) => !SERVER_FIELDS.includes(key),
  );
  return hideSecretData({ ...inputs, metadata: Object.fromEntries(kept) });
}
