import { isMap, UNKNOWN } from "../protocol";
import type { PropertyMap, UpdateRequest } from "../protocol";

/** A new object's outputs: what it was given, and unknown what the cluster will add. */
export function previewCreate(inputs: PropertyMap): PropertyMap {
  const metadata = isMap(inputs["metadata"]) ? inputs["metadata"] : {};
  const added = { uid: UNKNOWN, resourceVersion: UNKNOWN, creationTimestamp: UNKNOWN };
  const outputs: PropertyMap = { ...inputs, metadata: { ...added, ...metadata }, status: UNKNOWN };
  const { kind, spec } = inputs;
  if (kind === "Service" && isMap(spec)) outputs["spec"] = { clusterIP: UNKNOWN, ...spec };
  return outputs;
}

/** A changed object's outputs: as before with the inputs laid over, as the rest will stay as it is. */
export function previewUpdate({ inputs, oldOutputs }: UpdateRequest): PropertyMap {
  const merged = overlay(oldOutputs, inputs);
  return isMap(merged) ? merged : inputs;
}

function overlay(under: PropertyMap[string], over: PropertyMap[string]): PropertyMap[string] {
  if (over === undefined) return under;
  if (!isMap(under) || !isMap(over)) return over;
  const keys = new Set([...Object.keys(under), ...Object.keys(over)]);
  return Object.fromEntries([...keys].map((key) => [key, overlay(under[key], over[key])]));
}
