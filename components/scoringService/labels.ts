import type { ServiceConfig } from "./config";

/** Name of the objects of a service within its namespace. */
export const OBJECT_NAME = "scoring";

/**
 * Labels that select the pods of a service. They can never change on a Deployment, so they hold the
 * namespace: a service may be renamed in it.
 */
export function selectorLabels(service: ServiceConfig): Record<string, string> {
  return { "app.kubernetes.io/name": OBJECT_NAME, "app.kubernetes.io/instance": service.namespace };
}

/** What tells an object that this program has made. */
export const OURS = { "app.kubernetes.io/managed-by": "azureml-aks" };

/** Labels of every object of a service. */
export function objectLabels(service: ServiceConfig): Record<string, string> {
  return { ...selectorLabels(service), ...OURS };
}

/**
 * Labels of a service's namespace: only pods by the strictest of the Pod Security Standards.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
export function namespaceLabels(service: ServiceConfig): Record<string, string> {
  return {
    ...objectLabels(service),
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/audit": "restricted",
    "pod-security.kubernetes.io/warn": "restricted",
  };
}
