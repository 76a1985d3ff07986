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

/** An object read back from the cluster, with everything hidden that was secret in the inputs. */
export function hideAsIn(object: PropertyMap, inputs: PropertyMap): PropertyMap {
  const marked = hideLike(object, inputs);
  return hideSecretData(isMap(marked) ? marked : object);
}
