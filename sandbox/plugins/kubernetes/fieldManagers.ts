import { randomBytes } from "node:crypto";
import { isJsonObject, type Json, type JsonObject } from "../../json";
import type { PropertyMap } from "../protocol";
import { annotation, toObject, toProperties } from "./object";
import type { KubernetesObject } from "./object";

/** Manager of what is created without server-side apply, until the first update. */
export const CREATOR = "pulumi-kubernetes";

/** Managers whose fields an update takes over, by the start of their names. */
const TAKEN_OVER = {
  Apply: ["kubectl"],
  Update: [
    "kubectl",
    "before-first-apply",
    "pulumi-kubernetes",
    "pulumi-kubernetes.exe",
    "pulumi-resource-kubernetes",
  ],
};

/** One entry of `metadata.managedFields`. */
export interface ManagedFields {
  manager?: string;
  operation?: "Apply" | "Update";
  subresource?: string;
  /** A tree: `{"f:spec": {"f:replicas": {}}}`. */
  fieldsV1?: JsonObject;
}

/** Who manages which fields of a live object. */
export function managedFields({ metadata }: KubernetesObject): readonly ManagedFields[] {
  return (metadata as { managedFields?: ManagedFields[] }).managedFields ?? [];
}

/** The name under which an object's fields are managed: the object's annotation, the state's, or a random one. */
export function fieldManager(object: KubernetesObject, state: PropertyMap): string {
  const known = annotation(object, "patchFieldManager") || state["__fieldManager"];
  if (typeof known === "string" && known !== "") return known;
  return `pulumi-kubernetes-${randomBytes(4).toString("hex")}`;
}

/** Whether an object has fields of a program that created it without server-side apply. */
export function hasCreatorsFields(live: KubernetesObject): boolean {
  const names = ["pulumi-resource-kubernetes", "pulumi-kubernetes", "pulumi-kubernetes.exe"];
  return managedFields(live).some(
    ({ manager, operation }) => operation === "Update" && names.includes(manager ?? ""),
  );
}

/**
 * The managed fields after `manager` has taken over what `kubectl` applied and what was created without
 * server-side apply; undefined when there is nothing to take over. Fields that were changed by a
 * subresource, as `kubectl scale` does, stay with whom they are.
 */
export function takeOver(
  entries: readonly ManagedFields[],
  manager: string,
): readonly ManagedFields[] | undefined {
  const own = entries.find((entry) => entry.manager === manager && entry.operation === "Apply");
  const taken = entries.filter((entry) => entry !== own && isTakenOver(entry));
  const [first] = taken;
  if (first === undefined) return undefined;
  const fieldsV1 = [...(own ? [own] : []), ...taken]
    .map((entry) => entry.fieldsV1 ?? {})
    .reduce(union);
  const rest = entries.filter((entry) => entry !== own && !taken.includes(entry));
  return [...rest, { ...(own ?? first), manager, operation: "Apply", fieldsV1 }];
}

function isTakenOver({ manager = "", operation, subresource }: ManagedFields): boolean {
  if (operation === undefined || subresource) return false;
  return TAKEN_OVER[operation].some((name) => manager.startsWith(name));
}

function union(left: JsonObject, right: JsonObject): JsonObject {
  const merged: JsonObject = { ...left };
  for (const [key, value] of Object.entries(right)) {
    const other = merged[key];
    merged[key] = isJsonObject(other) && isJsonObject(value) ? union(other, value) : value;
  }
  return merged;
}

/**
 * The object to apply under `ignoreChanges`: a field that others manage and we do not is left out, any
 * other keeps the value it has in the cluster.
 */
export function withIgnored(
  object: KubernetesObject,
  live: KubernetesObject,
  { manager, ignoreChanges }: { manager: string; ignoreChanges: readonly string[] },
): KubernetesObject {
  const entries = managedFields(live);
  return ignoreChanges.reduce(
    (changed, ignored) => {
      const path = ignored.split(".");
      const isHeldBy = (isOurs: boolean) =>
        entries.some(
          (entry) =>
            (entry.manager === manager) === isOurs &&
            valueAt(
              entry.fieldsV1,
              path.map((part) => `f:${part}`),
            ) !== undefined,
        );
      if (isHeldBy(false) && !isHeldBy(true)) return withValueAt(changed, path, undefined);
      const current = valueAt(toObject(toProperties(live)), path);
      return current === undefined ? changed : withValueAt(changed, path, current);
    },
    toObject(toProperties(object)),
  );
}

function valueAt(value: Json | undefined, path: readonly string[]): Json | undefined {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return isJsonObject(value) ? valueAt(value[key], rest) : undefined;
}

/** A copy of the object with another value, or without any, at a path. */
function withValueAt<T extends JsonObject>(object: T, path: readonly string[], value?: Json): T {
  const [key = "", ...rest] = path;
  const { [key]: inner, ...others } = object;
  const next =
    rest.length === 0 ? value : withValueAt(isJsonObject(inner) ? inner : {}, rest, value);
  return (next === undefined ? others : { ...others, [key]: next }) as T;
}
