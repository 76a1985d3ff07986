import type { JsonObject } from "../../json";
import { compare, diffOf, hasUnknown, isMap, revealMap } from "../protocol";
import type { Change, Diff, DiffRequest, PropertyMap } from "../protocol";
import { readCheckpoint } from "./checkpoint";
import { immutableFields } from "./kinds";
import { normalizeInputs, prune } from "./normalization";
import { withQuantitiesOf } from "./quantities";

const IDENTITY = ["metadata.name", "metadata.namespace"];

/** Replaces a Secret as well, unless the provider lets its content change in place. */
const SECRET_CONTENT = ["data", "stringData"];

/** The paths of which a change replaces the object. */
function replacePaths(news: PropertyMap, mutableSecrets: boolean): string[] {
  const { apiVersion, kind } = news;
  const isMutable = kind !== "Secret" || (mutableSecrets && news["immutable"] !== true);
  return [...IDENTITY, ...immutableFields(apiVersion, kind), ...(isMutable ? [] : SECRET_CONTENT)];
}

/**
 * What new inputs change: they are compared with the live object of the state, as far as that has the shape
 * of the inputs it was made from. No contact with the cluster: a refresh brings the state up to date.
 *
 * @param mutableSecrets whether the content of a Secret may change in place
 */
export function diffObject(
  request: Pick<DiffRequest, "ignoreChanges" | "news" | "oldInputs" | "oldOutputs">,
  mutableSecrets: boolean,
): Diff {
  const { inputs, live } = readCheckpoint(request.oldOutputs, request.oldInputs);
  const after = normalizeInputs(revealMap(request.news));
  const shaped = prune(live, normalizeInputs(inputs) as JsonObject);
  const before = withQuantitiesOf(shaped, after as JsonObject);
  const ignored = request.ignoreChanges.map((path) => path.split("."));
  const changes = compare(before, after).filter(
    ({ path }) => !ignored.some((pattern) => isWithin(path, pattern)),
  );
  return diffOf(changes, {
    replaceOn: replacePaths(after, mutableSecrets),
    deleteBeforeReplace: occupiesSameName(live, after),
  });
}

function isWithin(path: Change["path"], pattern: readonly string[]): boolean {
  return pattern.every((part, index) => part === String(path[index]));
}

/** Two objects of one kind, name and namespace cannot exist at once. */
function occupiesSameName(before: PropertyMap, after: PropertyMap): boolean {
  const old = before["metadata"];
  const wanted = after["metadata"];
  if (!isMap(old) || !isMap(wanted) || hasUnknown(wanted)) return true;
  if (isMap(wanted["annotations"]) && wanted["annotations"]["pulumi.com/autonamed"] === "true") {
    return false;
  }
  const isSame = (key: string) => old[key] === wanted[key];
  return before["kind"] === after["kind"] && isSame("name") && isSame("namespace");
}
