import type { Inputs } from "@pulumi/pulumi";
import type { CreateResult } from "@pulumi/pulumi/provider";

/** Life cycle of one resource type; its content never changes in place, so there is no update. */
export interface ResourceType {
  /** Inputs that say which content lies where: any change of them makes a new resource. */
  readonly identity: readonly string[];
  create(inputs: Inputs): Promise<CreateResult>;
  exists(state: Inputs): Promise<boolean>;
  /** Succeeds when there is nothing (left) to delete. */
  delete(state: Inputs): Promise<void>;
}

/**
 * Reads a text input.
 *
 * @throws Error naming the input when it is absent or no text.
 */
export function text(inputs: Inputs, key: string): string {
  const value: unknown = inputs[key];
  if (typeof value === "string" && value !== "") return value;
  throw new Error(`the input "${key}" must be a text that is not empty`);
}
