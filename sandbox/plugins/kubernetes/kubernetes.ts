import { InitializationError, isMap, revealMap, UNKNOWN } from "../protocol";
import type { Context, CreateRequest, PropertyMap, Provider, UpdateRequest } from "../protocol";
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
import type { JsonMap, KubernetesObject } from "./object";
import { projectOntoInputs } from "./projection";
import { diffObject } from "./replacement";
import { hideInputs, hideOutputs, hideSecretData } from "./secrecy";
import versions from "../../versions.json";

/** Stands in for the kubernetes package where the real plugin cannot be had; the kinds that the program makes. */
export function createKubernetesProvider(): Provider {
  let configuration = parseConfiguration({});
  let connection: Promise<Cluster> | undefined;

  function connect(signal: AbortSignal): Promise<Cluster> {
    if (configuration.kubeconfig === undefined) {
      return Promise.reject(new Error("the provider's kubeconfig is not known yet"));
    }
    connection ??= Cluster.connect(configuration, signal);
    return connection;
  }

  async function operate<T>(
    request: { urn: string; timeout?: number },
    context: Context,
    action: (operation: Operation) => Promise<T>,
  ): Promise<T> {
    const cluster = await connect(context.signal);
    const { urn, timeout } = request;
    return action({ cluster, configuration, fieldManager: fieldManager(urn), context, timeout });
  }

  async function deploy(
    request: CreateRequest | UpdateRequest,
    context: Context,
    action: (object: KubernetesObject, operation: Operation) => Promise<KubernetesObject>,
  ): Promise<{ id: string; outputs: PropertyMap }> {
    const { inputs, urn } = request;
    const object = toObject(revealMap(inputs));
    try {
      const live = await operate(request, context, (operation) => action(object, operation));
      return { id: idOf(live), outputs: outputsOf(live, inputs, urn) };
    } catch (error) {
      if (!(error instanceof NotReadyError)) throw explainUnreachable(error);
      const outputs = outputsOf(error.live, inputs, urn);
      const { message, live } = error;
      throw new InitializationError(message, {
        ...{ id: idOf(live), outputs, inputs },
        reasons: [message],
      });
    }
  }

  return {
    name: "kubernetes",
    version: versions.plugins.kubernetes,
    checkConfig: ({ news }) => {
      const reason = refuseArguments(news);
      const failures = reason === undefined ? [] : [{ property: "", reason }];
      return Promise.resolve({ inputs: hideKubeconfig(news), failures });
    },
    diffConfig: ({ oldInputs, news }) => Promise.resolve(diffConfiguration(oldInputs, news)),
    configure: ({ inputs }) => {
      configuration = parseConfiguration(inputs);
      connection = undefined;
      return Promise.resolve();
    },
    check: (request) => {
      const { inputs, failures } = completeInputs(request, configuration.namespace);
      return Promise.resolve({ inputs: hideSecretData(inputs), failures });
    },
    diff: ({ oldInputs, news }) =>
      Promise.resolve(diffObject(oldInputs, news, configuration.mutableSecrets)),
    create: async (request, context) => {
      if (request.preview) return { id: "", outputs: previewCreate(request.inputs) };
      return deploy(request, context, createObject);
    },
    update: async (request, context) => {
      if (request.preview) return previewUpdate(request);
      return (await deploy(request, context, updateObject)).outputs;
    },
    read: async ({ type, id, inputs, urn }, context) => {
      const reference = identify(type, id, inputs);
      const live = await unlessUnreachable(configuration.deleteUnreachable, context, async () =>
        readObject(await connect(context.signal), reference),
      );
      if (live === undefined) return undefined;
      const known = Object.keys(inputs).length > 0 ? inputs : importInputs(live);
      const plain = toObject(revealMap(known));
      const projected = projectOntoInputs(toProperties(live) as JsonMap, plain) as PropertyMap;
      const current = hideInputs(projected, known);
      return { id, inputs: current, outputs: outputsOf(live, current, urn) };
    },
    delete: async (request, context) => {
      const object = toObject(revealMap(request.outputs));
      await unlessUnreachable(configuration.deleteUnreachable, context, () =>
        operate(request, context, (operation) => deleteObject(object, operation)),
      );
    },
  };
}

/** With `deleteUnreachable` a cluster out of reach counts as one whose objects are gone. */
async function unlessUnreachable<T>(
  deleteUnreachable: boolean,
  { log }: Context,
  action: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    if (!deleteUnreachable || !isUnreachable(error)) throw explainUnreachable(error);
    log.warn("the cluster does not answer: its object is dropped from the state");
    return undefined;
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

/** What a program would have to say to get the object that is imported. */
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

/** A new object's outputs: what it was given, and unknown what the cluster will add. */
function previewCreate(inputs: PropertyMap): PropertyMap {
  const metadata = isMap(inputs["metadata"]) ? inputs["metadata"] : {};
  const added = { uid: UNKNOWN, resourceVersion: UNKNOWN, creationTimestamp: UNKNOWN };
  const outputs: PropertyMap = { ...inputs, metadata: { ...added, ...metadata }, status: UNKNOWN };
  const { kind, spec } = inputs;
  if (kind === "Service" && isMap(spec)) outputs["spec"] = { clusterIP: UNKNOWN, ...spec };
  return outputs;
}

/** A changed object's outputs: as before with the inputs laid over, as the rest will stay as it is. */
function previewUpdate({ inputs, oldOutputs }: UpdateRequest): PropertyMap {
  const merged = overlay(oldOutputs, inputs);
  return isMap(merged) ? merged : inputs;
}

function overlay(under: PropertyMap[string], over: PropertyMap[string]): PropertyMap[string] {
  if (over === undefined) return under;
  if (!isMap(under) || !isMap(over)) return over;
  const keys = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, overlay(under[key], over[key])]));
}
