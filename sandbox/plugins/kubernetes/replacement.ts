import { compare, diffOf, hasUnknown, isMap, revealMap } from "../protocol";
import type { Change, Diff, PropertyMap } from "../protocol";
import { immutableFields } from "./kinds";

const IDENTITY = ["apiVersion", "kind", "metadata.name", "metadata.namespace"];

/** Replaces a Secret as well, unless the provider lets its content change in place. */
const SECRET_CONTENT = ["data", "stringData", "immutable"];

/** The paths of which a change replaces the object. */
function replacePaths(olds: PropertyMap, news: PropertyMap, mutableSecrets: boolean): string[] {
  const { apiVersion, kind } = news;
  const isMutable = kind !== "Secret" || (mutableSecrets && olds["immutable"] !== true);
  return [...IDENTITY, ...immutableFields(apiVersion, kind), ...(isMutable ? [] : SECRET_CONTENT)];
}

/** Written by the plugin, and no part of what the program asked for. */
function isInternal({ path: [first] }: Change): boolean {
  return typeof first === "string" && first.startsWith("__");
}

/**
 * What changes between two sets of inputs. No contact with the cluster: what it would say is already in
 * the old inputs, which a refresh brings up to date.
 *
 * @param mutableSecrets whether the content of a Secret may change in place
 */
export function diffObject(olds: PropertyMap, news: PropertyMap, mutableSecrets: boolean): Diff {
  const before = revealMap(olds);
  const after = revealMap(news);
  const changes = compare(before, after).filter((change) => !isInternal(change));
  return diffOf(changes, {
    replaceOn: replacePaths(before, after, mutableSecrets),
    deleteBeforeReplace: occupiesSameName(before, after),
  });
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
