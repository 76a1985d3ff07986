import * as pulumi from "@pulumi/pulumi";
import type {
  RegisterResourceOutputsRequest,
  RegisterResourceRequest,
} from "@pulumi/pulumi/proto/resource_pb";
import type { MockResourceResult } from "@pulumi/pulumi/runtime";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import {
  FUNCTION_ANSWERS,
  resourceAnswer,
  resourceId,
  type Calls,
  type RecordedResource,
  type Values,
} from "./pluginAnswers";

export { SUBSCRIPTION, type Calls, type RecordedResource, type Values } from "./pluginAnswers";

/** A call of a provider function. */
export interface RecordedCall {
  readonly token: string;
  readonly inputs: Values;
  /** Reference to the provider instance; empty for the default one. */
  readonly provider?: string;
}

/** One registration as the engine sees it; resources are named `type name`. */
export interface Registration {
  readonly type: string;
  readonly name: string;
  /** Undefined for a resource without a component around it. */
  readonly parent: string | undefined;
  /** Explicit dependencies and those by inputs; a component stands for all its children. */
  readonly dependsOn: readonly string[];
  readonly deletedWith: string | undefined;
  /** Provider instance, for resources with one of their own. */
  readonly provider: string | undefined;
  readonly ignoreChanges: readonly string[];
  /** Other names that the resource may have in the state. */
  readonly aliases: readonly string[];
  /** Whether the state may have it outside of any component. */
  readonly foundOutside: boolean;
  /** Longest times, as `create` and `update`. */
  readonly timeouts: Readonly<Record<string, string>>;
}

/** Everything a program registered and asked for. */
export interface Recording {
  readonly resources: RecordedResource[];
  readonly calls: RecordedCall[];
  readonly registrations: Registration[];
  /** Resources that registered their outputs, with the keys of these. */
  readonly outputs: Map<string, readonly string[]>;
}

/** `type name` of a resource by its URN, or by its reference to a provider (`urn::id`). */
function readable(urn: string): string {
  const [, , types = "", name = ""] = urn.split("::");
  return `${types.slice(types.lastIndexOf("$") + 1)} ${name}`;
}

function registrationOf(request: RegisterResourceRequest): Registration {
  const optional = (urn: string) => (urn === "" ? undefined : readable(urn));
  const timeouts = request.getCustomtimeouts();
  return {
    type: request.getType(),
    name: request.getName(),
    parent: optional(request.getParent()),
    dependsOn: request.getDependenciesList().map(readable).sort(),
    deletedWith: optional(request.getDeletedwith()),
    provider: optional(request.getProvider()),
    ignoreChanges: request.getIgnorechangesList(),
    aliases: request
      .getAliasesList()
      .map((alias) => alias.getSpec()?.getName() ?? alias.getUrn())
      .filter((name) => name !== ""),
    foundOutside: request.getAliasesList().some((alias) => alias.getSpec()?.getNoparent() ?? false),
    timeouts: {
      create: timeouts?.getCreate() ?? "",
      update: timeouts?.getUpdate() ?? "",
      delete: timeouts?.getDelete() ?? "",
    },
  };
}

// The provider puts its location among the arguments, where there is none.
const LOCATED = { location: "westeurope" };

type Answered = Parameters<MockMonitor["registerResource"]>[1];

/** Mocks see a resource's inputs only; its options are read off the requests to the engine. */
function recordRequests(recording: Recording): void {
  const monitor: unknown = pulumi.runtime.getMonitor();
  if (!(monitor instanceof MockMonitor)) throw new Error("the mocks are not in place");
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request: RegisterResourceRequest, callback: Answered) => {
    recording.registrations.push(registrationOf(request));
    return register(request, callback);
  };
  const registerOutputs = monitor.registerResourceOutputs.bind(monitor);
  monitor.registerResourceOutputs = (
    request: RegisterResourceOutputsRequest,
    callback: Answered,
  ) => {
    const keys = Object.keys(request.getOutputs()?.toJavaScript() ?? {});
    recording.outputs.set(readable(request.getUrn()), keys.sort());
    registerOutputs(request, callback);
  };
}

/**
 * Starts Pulumi's mocks; a provider function that no test foresaw fails the program.
 *
 * @param calls answers that replace or complete the usual ones.
 * @param updating whether the preview is one of a change of every resource of Azure: its id and its
 * arguments are known then, and nothing that Azure answers.
 */
export async function startMocks(
  calls: Calls = {},
  preview = false,
  updating = false,
): Promise<Recording> {
  const recording: Recording = { resources: [], calls: [], registrations: [], outputs: new Map() };
  const answers = { ...FUNCTION_ANSWERS, ...calls };
  await pulumi.runtime.setMocks(
    {
      newResource(args: RecordedResource): MockResourceResult {
        recording.resources.push(args);
        const answered =
          updating && args.type.startsWith("azure-native:") ? LOCATED : resourceAnswer(args);
        return { id: resourceId(args), state: { ...args.inputs, ...answered } };
      },
      call(args: RecordedCall) {
        recording.calls.push(args);
        const answer = answers[args.token];
        if (answer === undefined) throw new Error(`unexpected provider function ${args.token}`);
        return answer(args.inputs);
      },
    },
    "azureml-aks",
    "test",
    preview,
    "organization",
  );
  recordRequests(recording);
  return recording;
}

/** Resources of one type, in the order of registration. */
export function ofType(recording: Recording, type: string): readonly RecordedResource[] {
  return recording.resources.filter((resource) => resource.type === type);
}

/**
 * The only resource of a type.
 *
 * @throws Error when there is none, or more than one.
 */
export function single(recording: Recording, type: string): RecordedResource {
  const found = ofType(recording, type);
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`expected one ${type}, found ${found.length}`);
  }
  return only;
}

/**
 * The registration of one resource, with its options.
 *
 * @param name only needed where several have the type.
 * @throws Error when there is none, or more than one.
 */
export function registered(recording: Recording, type: string, name?: string): Registration {
  const found = recording.registrations.filter(
    (candidate) => candidate.type === type && (name === undefined || candidate.name === name),
  );
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`expected one ${type}, found ${found.length}`);
  }
  return only;
}

/**
 * `type name` of everything registered within a component, in alphabetical order.
 *
 * @param component its `type name` without the common start of the types.
 */
export function childrenOf(recording: Recording, component: string): readonly string[] {
  return recording.registrations
    .filter(({ parent }) => parent === `azureml-aks:index:${component}`)
    .map(({ type, name }) => `${type} ${name}`)
    .sort();
}

const LONGEST_WAIT_MS = 5_000;

/** Value of an output; rejects instead of hanging when the output fails. */
export function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error("the output did not resolve")),
      LONGEST_WAIT_MS,
    );
    output.apply((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/** Waits until everything that was registered has been recorded. */
export async function settled(): Promise<void> {
  await pulumi.runtime.disconnect();
}
