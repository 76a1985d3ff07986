import type { JsonObject } from "../../json";
import type { PropertyMap } from "../protocol";

/** The metadata of an object, as far as it is read here. */
export interface Metadata {
  name?: string;
  namespace?: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: { uid: string; kind: string; name: string }[];
}

/** Any Kubernetes object, as the API server sends and takes it. */
export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
}

/** What names an object in its cluster. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
}

/** Inputs that are fully known, with secrets already revealed, as a Kubernetes object. */
export function toObject(inputs: PropertyMap): KubernetesObject & JsonObject {
  // The same JSON in two notations: secrets are revealed, and unknowns cannot be serialised.
  return JSON.parse(JSON.stringify({ metadata: {}, ...inputs })) as KubernetesObject & JsonObject;
}

/** The object as property values. */
export function toProperties(object: KubernetesObject): PropertyMap {
  return JSON.parse(JSON.stringify(object)) as PropertyMap;
}

/** The resource's id: `namespace/name`, or `name` of an object without a namespace. */
export function idOf({ metadata }: KubernetesObject): string {
  const name = metadata.name ?? "";
  return metadata.namespace === undefined ? name : `${metadata.namespace}/${name}`;
}

/** The reference that names an object. */
export function referenceOf({ apiVersion, kind, metadata }: KubernetesObject): ObjectReference {
  return { apiVersion, kind, name: metadata.name ?? "", namespace: metadata.namespace };
}

/** `Deployment team/scoring`, for messages. */
export function describe({ kind, name, namespace }: ObjectReference): string {
  return `${kind} ${namespace === undefined ? "" : `${namespace}/`}${name}`;
}

/** The value of a `pulumi.com/NAME` annotation. */
export function annotation(object: KubernetesObject, name: string): string | undefined {
  return object.metadata.annotations?.[`pulumi.com/${name}`];
}

/** Whether the annotation `pulumi.com/NAME` is "true". */
export function isAnnotatedTrue(object: KubernetesObject, name: string): boolean {
  return annotation(object, name) === "true";
}
