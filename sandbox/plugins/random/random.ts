import versions from "../../versions.json";
import {
  compare,
  diffOf,
  hasUnknown,
  hideLike,
  isMap,
  reveal,
  revealMap,
  Secret,
  UnknownTypeError,
} from "../protocol";
import type { CheckFailure, Diff, PropertyMap, Provider } from "../protocol";
import { TYPES, unknownOutputs } from "./resources";
import type { RandomType } from "./resources";

function typeOf(token: string): RandomType {
  const type = TYPES[token];
  if (type === undefined) throw new UnknownTypeError("random", token, Object.keys(TYPES));
  return type;
}

/** `number` is the old name of `numeric`: either sets both. */
function withDefaults(type: RandomType, inputs: PropertyMap): PropertyMap {
  const numeric = inputs["numeric"] ?? inputs["number"];
  const aliases =
    "numeric" in type.defaults && numeric !== undefined ? { numeric, number: numeric } : {};
  const given = Object.entries(inputs).filter(([, value]) => (value ?? null) !== null);
  return { ...type.defaults, ...Object.fromEntries(given), ...aliases };
}

/** Failures of the inputs; those that depend on an unknown are left to the deployment. */
export function checkInputs(type: RandomType, news: PropertyMap): CheckFailure[] {
  const known = new Set([...Object.keys(type.defaults), type.required]);
  const unknownNames = Object.keys(news).filter((name) => !known.has(name));
  if (unknownNames.length > 0) {
    const reason = `unknown property; known are ${[...known].sort().join(", ")}`;
    return unknownNames.map((property) => ({ property, reason }));
  }
  if (news[type.required] === undefined) {
    return [{ property: type.required, reason: `${type.required} is required` }];
  }
  const settings = Object.entries(news).filter(([name]) => name !== "keepers");
  if (settings.some(([, value]) => hasUnknown(value))) return [];
  return type.validate(revealMap(withDefaults(type, news)));
}

/**
 * Every effective change replaces: a random value stands for the settings it was made from. Spelling out
 * a default is no change, and neither is a keeper without a value.
 */
function diffInputs(type: RandomType, olds: PropertyMap, news: PropertyMap): Diff {
  const changes = compare(effective(type, olds), effective(type, news));
  return diffOf(changes, { replaceOn: ["*"] });
}

function effective(type: RandomType, inputs: PropertyMap): PropertyMap {
  const complete = withDefaults(type, inputs);
  const keepers = reveal(complete["keepers"] ?? null);
  const empty = isMap(keepers) && Object.values(keepers).every((value) => (value ?? null) === null);
  return empty ? { ...complete, keepers: null } : complete;
}

function outputsOf(type: RandomType, inputs: PropertyMap, computed: PropertyMap): PropertyMap {
  const outputs = { ...withDefaults(type, inputs), ...computed };
  for (const name of type.secrets) {
    const value = computed[name];
    if (value !== undefined) outputs[name] = new Secret(value);
  }
  return hideLike(outputs, inputs) as PropertyMap;
}

/** Stands in for the random package where the real plugin cannot be had. */
export const random: Provider = {
  name: "random",
  version: versions.plugins.random,
  check: ({ type, news }) =>
    Promise.resolve({ inputs: news, failures: checkInputs(typeOf(type), news) }),
  diff: ({ type, oldInputs, news }) => Promise.resolve(diffInputs(typeOf(type), oldInputs, news)),
  create: async ({ type: token, inputs, preview }) => {
    const type = typeOf(token);
    if (preview) return { id: "", outputs: outputsOf(type, inputs, unknownOutputs(type)) };
    const { id, computed } = await type.create(revealMap(withDefaults(type, inputs)));
    return { id, outputs: outputsOf(type, inputs, computed) };
  },
  read: ({ type, id, inputs, outputs }) => {
    typeOf(type);
    if (Object.keys(outputs).length === 0) {
      throw new Error(`this stand-in cannot import a ${type}: its value exists in the state only`);
    }
    return Promise.resolve({ id, inputs, outputs });
  },
};
