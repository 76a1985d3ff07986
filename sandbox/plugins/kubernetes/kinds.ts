import { UnknownTypeError } from "../protocol";

/** Kinds of the API server's own groups that belong to no namespace. */
const CLUSTER_SCOPED = new Set([
  "APIService",
  "CertificateSigningRequest",
  "ClusterRole",
  "ClusterRoleBinding",
  "ClusterTrustBundle",
  "ComponentStatus",
  "CSIDriver",
  "CSINode",
  "CustomResourceDefinition",
  "DeviceClass",
  "FlowSchema",
  "IngressClass",
  "IPAddress",
  "MutatingAdmissionPolicy",
  "MutatingAdmissionPolicyBinding",
  "MutatingWebhookConfiguration",
  "Namespace",
  "Node",
  "PersistentVolume",
  "PriorityClass",
  "PriorityLevelConfiguration",
  "ResourceSlice",
  "RuntimeClass",
  "ServiceCIDR",
  "StorageClass",
  "StorageVersionMigration",
  "ValidatingAdmissionPolicy",
  "ValidatingAdmissionPolicyBinding",
  "ValidatingWebhookConfiguration",
  "VolumeAttachment",
  "VolumeAttributesClass",
]);

/** Parts of the package that are made of other resources or are not objects of the API server. */
const NOT_OFFERED = /^kubernetes:(helm\.sh|yaml|kustomize)\b|(Patch|List)$/;

export interface Kind {
  apiVersion: string;
  kind: string;
}

/**
 * The API version and kind of a type token such as `kubernetes:core/v1:Service`. Which kinds exist is left
 * to the cluster: it may know more of them than any list here.
 *
 * @throws UnknownTypeError for a token that stands for no object of the API server
 */
export function parseType(token: string): Kind {
  const [, group, version, kind] = /^kubernetes:([^/]+)\/([^:]+):(\w+)$/.exec(token) ?? [];
  if (
    group === undefined ||
    version === undefined ||
    kind === undefined ||
    NOT_OFFERED.test(token)
  ) {
    throw new UnknownTypeError("kubernetes", token, ["the kinds of the cluster's API server"]);
  }
  return { apiVersion: group === "core" ? version : `${group}/${version}`, kind };
}

/** Whether objects of the kind belong to a namespace, as far as can be told without the cluster. */
export function isNamespaced(kind: string): boolean {
  return !CLUSTER_SCOPED.has(kind);
}
