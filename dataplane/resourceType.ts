import type { Inputs } from "@pulumi/pulumi";
import type { CheckFailure, CreateResult, UpdateResult } from "@pulumi/pulumi/provider";
import type { Run } from "./run";

/** Life cycle of one resource type. Inputs that it does not name are not compared. */
export interface ResourceType {
  /** Inputs whose change makes a new resource. */
  readonly identity: readonly string[];
  /** What of an input counts when it is compared; all of it by default. */
  readonly compared?: Readonly<Record<string, (value: unknown) => unknown>>;
  /** Inputs whose change is an update in place. */
  readonly content: readonly string[];
  /** Outputs that are no inputs. */
  readonly computed?: readonly string[];
  /**
   * What the inputs lay claim to and deleting them deletes; undefined while an input is unknown.
   * Absent where deleting deletes nothing that another resource could claim. Claims of all types are
   * compared with each other.
   */
  claim?(inputs: Inputs): string | undefined;
  /**
   * Why the inputs cannot be had; asked in the preview already, with the inputs that are known by
   * then.
   *
   * @param olds the inputs before; undefined for a resource that is about to be made.
   */
  refusals?(urn: string, news: Inputs, olds?: Inputs): Promise<readonly CheckFailure[]>;
  create(inputs: Inputs, run: Run): Promise<CreateResult>;
  /** Whether the state is an earlier version's and lacks an output, which an update adds. */
  isOutdated?(state: Inputs): boolean;
  /** Required where there is any `content`, or a state can be outdated. */
  update?(inputs: Inputs, state: Inputs, run: Run): Promise<UpdateResult>;
  exists(state: Inputs): Promise<boolean>;
  /** The state of what exists, as it is by now; the same by default. */
  refreshed?(state: Inputs): Promise<Inputs>;
  /** Succeeds when there is nothing (left) to delete. */
  delete(state: Inputs): Promise<void>;
}

/**
 * Reads an input that is a string.
 *
 * @throws Error naming the input when it is absent, empty or no string.
 */
export function stringInput(inputs: Inputs, key: string): string {
  const value: unknown = inputs[key];
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`the input "${key}" must be a string that is not empty`);
}

/**
 * Reads an input that is a number.
 *
 * @throws Error naming the input when it is absent or no number.
 */
export function numberInput(inputs: Inputs, key: string): number {
  const value: unknown = inputs[key];
  if (typeof value === "number") return value;
  throw new Error(`the input "${key}" must be a number`);
}
