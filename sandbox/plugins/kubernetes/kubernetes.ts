import type { JsonObject } from "../../json";
import versions from "../../versions.json";
import { InitializationError, isMap, revealMap } from "../protocol";
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
import { isUnreachable } from "./apiError";
import { NotReadyError } from "./await/wait";
import { Cluster } from "./cluster";
import {
  diffConfiguration,
  hideKubeconfig,
  parseConfiguration,
  refuseArguments,
} from "./configuration";
import { kindOf } from "./kinds";
import { createObject, deleteObject, readObject, updateObject } from "./lifecycle";
import type { Operation } from "./lifecycle";
import { completeInputs, fieldManager } from "./naming";
import { idOf, referenceOf, toObject, toProperties } from "./object";
import type { KubernetesObject } from "./object";
import { previewCreate, previewUpdate } from "./preview";
import { projectOntoInputs } from "./projection";
import { diffObject } from "./replacement";
import { hideInputs, hideOutputs, hideSecretData } from "./secrecy";

/** Stands in for the kubernetes package where the real plugin cannot be had; the kinds that the program makes. */
export class KubernetesProvider implements Provider {
  readonly name = "kubernetes";
  readonly version = versions.plugins.kubernetes;
  private configuration = parseConfiguration({});
  private connection: Promise<Cluster> | undefined;

  checkConfig({ news }: CheckRequest): Promise<CheckResult> {
    const reason = refuseArguments(news);
    const failures = reason === undefined ? [] : [{ property: "", reason }];
    return Promise.resolve({ inputs: hideKubeconfig(news), failures });
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
    const { inputs, failures } = completeInputs(request, this.configuration.namespace);
    return Promise.resolve({ inputs: hideSecretData(inputs), failures });
  }

  diff({ oldInputs, news }: DiffRequest): Promise<Diff> {
    return Promise.resolve(diffObject(oldInputs, news, this.configuration.mutableSecrets));
  }

  async create(request: CreateRequest, context: Context) {
    if (request.preview) return { id: "", outputs: previewCreate(request.inputs) };
    return this.deploy(request, context, createObject);
  }

  async update(request: UpdateRequest, context: Context): Promise<PropertyMap> {
    if (request.preview) return previewUpdate(request);
    return (await this.deploy(request, context, updateObject)).outputs;
  }

  async read({ type, id, inputs, urn }: ReadRequest, context: Context) {
    const reference = identify(type, id, inputs);
    const live = await this.unlessUnreachable(context, async () =>
      readObject(await this.connect(context.signal), reference),
    );
    if (live === undefined) return undefined;
    const known = Object.keys(inputs).length > 0 ? inputs : importInputs(live);
    const plain = toObject(revealMap(known));
    const projected = projectOntoInputs(toProperties(live) as JsonObject, plain) as PropertyMap;
    const current = hideInputs(projected, known);
    return { id, inputs: current, outputs: outputsOf(live, current, urn) };
  }

  async delete(request: DeleteRequest, context: Context): Promise<void> {
    const object = toObject(revealMap(request.outputs));
    await this.unlessUnreachable(context, async () =>
      deleteObject(object, await this.operation(request, context)),
    );
  }

  private async deploy(
    request: CreateRequest | UpdateRequest,
    context: Context,
    action: (object: KubernetesObject, operation: Operation) => Promise<KubernetesObject>,
  ): Promise<{ id: string; outputs: PropertyMap }> {
    const { inputs, urn } = request;
    try {
      const object = toObject(revealMap(inputs));
      const live = await action(object, await this.operation(request, context));
      return { id: idOf(live), outputs: outputsOf(live, inputs, urn) };
    } catch (error) {
      if (!(error instanceof NotReadyError)) throw explainUnreachable(error);
      const { message, live } = error;
      const outputs = outputsOf(live, inputs, urn);
      const resource = { id: idOf(live), outputs, inputs, reasons: [message] };
      throw new InitializationError(message, resource);
    }
  }

  private async operation(
    { urn, timeout }: { urn: string; timeout?: number },
    context: Context,
  ): Promise<Operation> {
    const cluster = await this.connect(context.signal);
    const { configuration } = this;
    return { cluster, configuration, fieldManager: fieldManager(urn), context, timeout };
  }

  private connect(signal: AbortSignal): Promise<Cluster> {
    if (this.configuration.kubeconfig === undefined) {
      return Promise.reject(new Error("the provider's kubeconfig is not known yet"));
    }
    this.connection ??= Cluster.connect(this.configuration, signal);
    return this.connection;
  }

  /** With `deleteUnreachable` a cluster that does not answer counts as one whose objects are gone. */
  private async unlessUnreachable<T>(
    { log }: Context,
    action: () => Promise<T>,
  ): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      if (!this.configuration.deleteUnreachable || !isUnreachable(error)) {
        throw explainUnreachable(error);
      }
      log.warn("the cluster does not answer: its object is dropped from the state");
      return undefined;
    }
  }
}

function explainUnreachable(error: unknown): unknown {
  if (!isUnreachable(error)) return error;
  const cause = error instanceof Error ? error.message : String(error);
  return new Error(
    `the cluster does not answer (${cause}): start it, or if it is gone for good set ` +
      "deleteUnreachable on the provider",
    { cause: error },
  );
}

function identify(type: string, id: string, inputs: PropertyMap) {
  if (Object.keys(inputs).length > 0) return referenceOf(toObject(revealMap(inputs)));
  const slash = id.indexOf("/");
  const namespace = slash === -1 ? undefined : id.slice(0, slash);
  const { apiVersion, kind } = kindOf(type);
  return { apiVersion, kind, name: id.slice(slash + 1), namespace };
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

function outputsOf(live: KubernetesObject, inputs: PropertyMap, urn: string): PropertyMap {
  const outputs = hideOutputs(toProperties(live), inputs);
  return {
    ...outputs,
    __fieldManager: fieldManager(urn),
    __initialApiVersion: live.apiVersion,
  };
}
