import type { Diff } from "./diff";
import type { PropertyMap } from "./value";

/** A property that was refused, and why. An empty property means the resource as a whole. */
export interface CheckFailure {
  property: string;
  reason: string;
}

/** The answer to a check. */
export interface CheckResult {
  /** The inputs to go on with: defaults filled in, names chosen. */
  inputs: PropertyMap;
  failures?: CheckFailure[];
}

/** How the resource should be named when its program does not say. */
interface Autonaming {
  proposedName: string;
  /** `propose`: a suggestion; `enforce`: use exactly this; `disable`: a name must be given. */
  mode: "propose" | "enforce" | "disable";
}

interface ResourceRequest {
  urn: string;
  /** Type token, e.g. `kubernetes:apps/v1:Deployment`. */
  type: string;
  /** The last part of the URN. */
  name: string;
}

/** Asks whether inputs are valid, and for the inputs with all defaults. */
export interface CheckRequest extends ResourceRequest {
  /** Checked inputs of the last deployment; empty for a new resource. */
  olds: PropertyMap;
  news: PropertyMap;
  /** The same for preview and up of one plan, so that chosen names agree. */
  randomSeed: Uint8Array;
  autonaming?: Autonaming;
}

/** Asks what new inputs change. */
export interface DiffRequest extends ResourceRequest {
  id: string;
  oldInputs: PropertyMap;
  oldOutputs: PropertyMap;
  news: PropertyMap;
  /** Paths of properties whose changes do not count. */
  ignoreChanges: readonly string[];
}

/** Asks for a new resource, or in a preview for its outputs. */
export interface CreateRequest extends ResourceRequest {
  inputs: PropertyMap;
  preview: boolean;
  /** Seconds, from customTimeouts; undefined: the plugin's own default. */
  timeout?: number;
}

/** Asks for the current state of a resource. */
export interface ReadRequest extends ResourceRequest {
  id: string;
  /** Both empty when a resource is read that is not in the state (import, `get`). */
  inputs: PropertyMap;
  outputs: PropertyMap;
}

/** Asks for a change in place, or in a preview for the outputs after it. */
export interface UpdateRequest extends CreateRequest {
  id: string;
  oldInputs: PropertyMap;
  oldOutputs: PropertyMap;
  /** Paths of properties that keep the values they have. */
  ignoreChanges: readonly string[];
}

/** Asks for the removal of a resource. */
export interface DeleteRequest extends ResourceRequest {
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
  timeout?: number;
}

/** Calls a function of the package. */
export interface InvokeRequest {
  token: string;
  args: PropertyMap;
  preview: boolean;
}

/** What a function answers. */
export interface InvokeResult {
  outputs: PropertyMap;
}

/** Messages to the engine's output, beside the resource they are about. */
export interface Log {
  /** A passing line in the resource's row, overwritten by the next. */
  status(message: string): void;
  warn(message: string): void;
}

/** What every operation is given besides its request. */
export interface Context {
  /** Fires when the user cancels the deployment. */
  signal: AbortSignal;
  log: Log;
}

/** A plugin. Every promise may reject with an Error whose message is shown to the user. */
export interface Provider {
  /** Package name, as in `pulumi-resource-NAME`. */
  name: string;
  /** Version of the package it stands for. */
  version: string;
  /** Default: arguments are taken as they are. */
  checkConfig?(request: CheckRequest, context: Context): Promise<CheckResult>;
  /** Default: every change of an argument is an update in place. */
  diffConfig?(request: DiffRequest, context: Context): Promise<Diff>;
  /** In a preview the arguments may contain unknowns. */
  configure?(request: { inputs: PropertyMap }, context: Context): Promise<void>;
  /** Default: every function is refused as unknown. */
  invoke?(request: InvokeRequest, context: Context): Promise<InvokeResult>;
  check(request: CheckRequest, context: Context): Promise<CheckResult>;
  diff(request: DiffRequest, context: Context): Promise<Diff>;
  create(request: CreateRequest, context: Context): Promise<{ id: string; outputs: PropertyMap }>;
  /** Undefined: the resource is gone. Default: the state is taken for the truth. */
  read?(
    request: ReadRequest,
    context: Context,
  ): Promise<{ id: string; inputs: PropertyMap; outputs: PropertyMap } | undefined>;
  /** Default: refused; for resources of which every change replaces. */
  update?(request: UpdateRequest, context: Context): Promise<PropertyMap>;
  /** Default: nothing to remove. */
  delete?(request: DeleteRequest, context: Context): Promise<void>;
}
