import { armList } from "./armList";
import { normalized } from "./region";

const VERSION = "2024-05-01";

/** A minor version of Kubernetes that AKS offers in a region. */
export interface KubernetesVersion {
  /** `1.34` */
  readonly version: string;
  readonly isPreview?: boolean;
  readonly capabilities?: { readonly supportPlan?: readonly string[] };
  /** By `1.34.2`. */
  readonly patchVersions?: Readonly<Record<string, unknown>>;
}

/**
 * Versions of Kubernetes that AKS offers in a region.
 *
 * @throws Error when Azure does not say.
 * @see https://learn.microsoft.com/rest/api/aks/managed-clusters/list-kubernetes-versions
 */
export function kubernetesVersions(
  subscriptionId: string,
  location: string,
): Promise<readonly KubernetesVersion[]> {
  const provider = `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerService`;
  const path = `${provider}/locations/${normalized(location)}/kubernetesVersions`;
  return armList(path, { "api-version": VERSION });
}
