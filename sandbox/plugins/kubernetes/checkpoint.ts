import type { JsonObject } from "../../json";
import { isMap, reveal } from "../protocol";
import type { PropertyMap } from "../protocol";
import { toObject, toProperties } from "./object";
import type { KubernetesObject } from "./object";
import { hideAsIn, hideSecretData } from "./secrecy";

/** What the plugin keeps of an object in the state. */
export interface Checkpoint {
  /** The inputs that the live object was made from; they give a difference its shape. */
  inputs: PropertyMap;
  fieldManager: string;
  initialApiVersion: string;
}

/** The outputs of an object: the live one, with what the next operation has to know. */
export function outputsOf(live: KubernetesObject, checkpoint: Checkpoint): PropertyMap {
  const { inputs, fieldManager, initialApiVersion } = checkpoint;
  return {
    ...hideAsIn(toProperties(live), inputs),
    __inputs: hideSecretData(inputs),
    __fieldManager: fieldManager,
    __initialApiVersion: initialApiVersion,
  };
}

/** What a state says of an object, in clear. */
export interface Known {
  inputs: JsonObject;
  live: JsonObject;
}

/**
 * Reads back what `outputsOf` wrote.
 *
 * @param oldInputs for a state of before the plugin's inputs were kept in the outputs
 */
export function readCheckpoint(outputs: PropertyMap, oldInputs: PropertyMap): Known {
  const { __inputs, ...live } = outputs;
  const inputs = reveal(__inputs ?? oldInputs);
  return {
    inputs: isMap(inputs) ? (JSON.parse(JSON.stringify(inputs)) as JsonObject) : {},
    live: toObject(reveal(live) as PropertyMap),
  };
}
