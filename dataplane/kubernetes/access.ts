import type { Inputs } from "@pulumi/pulumi";
import { kubeConfig, readable } from "./cluster";

/**
 * Whether the deployer may make namespaces in a cluster, by what the API server says of it.
 *
 * @throws Error when the cluster cannot be asked.
 */
export async function mayMakeNamespaces(inputs: Inputs): Promise<boolean> {
  const client = await import("@kubernetes/client-node");
  const api = (await kubeConfig(inputs)).makeApiClient(client.AuthorizationV1Api);
  const resourceAttributes = { verb: "create", resource: "namespaces" };
  const body = {
    apiVersion: "authorization.k8s.io/v1",
    kind: "SelfSubjectAccessReview",
    spec: { resourceAttributes },
  };
  const review = await readable(() => api.createSelfSubjectAccessReview({ body }));
  return review.status?.allowed === true;
}
