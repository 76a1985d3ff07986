import { hideLike, isMap, reveal, Secret } from "../protocol";
import type { PropertyMap } from "../protocol";

const SECRET_FIELDS = ["data", "stringData"] as const;

/** A Secret's contents are secret whether or not the program said so. */
export function hideSecretData(object: PropertyMap): PropertyMap {
  if (object["kind"] !== "Secret") return object;
  const hidden: PropertyMap = { ...object };
  for (const field of SECRET_FIELDS) {
    const value = object[field];
    if (value !== undefined) hidden[field] = new Secret(reveal(value));
  }
  return hidden;
}

/** Inputs read back from the cluster, with everything hidden that was secret in the last ones. */
export function hideInputs(inputs: PropertyMap, last: PropertyMap): PropertyMap {
  const marked = hideLike(inputs, last);
  return hideSecretData(isMap(marked) ? marked : inputs);
}

/**
 * The live object with everything hidden that was secret in the inputs. A Secret's text comes back under
 * `data` only; it is kept under `stringData` too, where the program put it.
 */
export function hideOutputs(live: PropertyMap, inputs: PropertyMap): PropertyMap {
  const marked = hideLike(live, inputs);
  const outputs = isMap(marked) ? marked : live;
  const stringData = inputs["stringData"];
  const isSecret = outputs["kind"] === "Secret" && stringData !== undefined;
  return hideSecretData(isSecret ? { ...outputs, stringData } : outputs);
}
