import type { Inputs } from "@pulumi/pulumi";
import { isKnown } from "./unknown";

// Metadata of a blob: a storage account takes names that are C# identifiers.
const ID = "azuremlaks_stack_id";
const NAME = "azuremlaks_stack";
const OWNS_NAME = "azuremlaks_owns_name";

type Metadata = Readonly<Record<string, string>>;

/** Who uploaded a blob, as its metadata says. */
export interface Uploader {
  /** Undefined where the blob bears no mark. */
  readonly id: string | undefined;
  /** How to name it in a message. */
  readonly name: string;
  /** Whether the model's name is its own, and goes when its registration goes. */
  readonly ownsName: boolean;
}

/** What a blob bears of the stack that uploads it. */
export function markOf(inputs: Inputs): Record<string, string> {
  return {
    [ID]: String(inputs.stackId),
    [NAME]: String(inputs.stackName),
    [OWNS_NAME]: String(isKnown(inputs, "nameId")),
  };
}

/** Reads the mark of a blob. */
export function uploaderOf(metadata: Metadata = {}): Uploader {
  const name = metadata[NAME];
  return {
    id: metadata[ID],
    name: name === undefined ? "somebody else" : `the stack ${name}`,
    ownsName: metadata[OWNS_NAME] === "true",
  };
}

/** Whether the stack of the inputs is the uploader; one without an id yet has uploaded nothing. */
export function isOurs({ id }: Uploader, inputs: Inputs): boolean {
  return isKnown(inputs, "stackId") && id === inputs.stackId;
}

/**
 * Whether somebody else is the uploader. Blobs without a mark were uploaded before there were
 * marks, by the stack whose state has them.
 */
export function isTheirs(uploader: Uploader, inputs: Inputs): boolean {
  return uploader.id !== undefined && !isOurs(uploader, inputs);
}
