/**
 * Minor versions of Kubernetes that this program supports: those in AKS support in November
 * 2026. The lower bound is also technical: the pods use `lifecycle.preStop.sleep`.
 *
 * @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions
 */
export const SUPPORTED_KUBERNETES = { oldestMinor: 33, newestMinor: 36 } as const;

/** The sentence for a fault about a version. */
export const KUBERNETES_VERSION_RULE = `must be a Kubernetes version from 1.${SUPPORTED_KUBERNETES.oldestMinor} to 1.${SUPPORTED_KUBERNETES.newestMinor}, as 1.MINOR or 1.MINOR.PATCH`;

/** True for `1.MINOR` or `1.MINOR.PATCH` within the supported range. */
export function isSupportedKubernetesVersion(version: string): boolean {
  const minor = /^1\.(\d{1,3})(\.\d{1,3})?$/.exec(version)?.[1];
  if (minor === undefined) return false;
  const number = Number(minor);
  return number >= SUPPORTED_KUBERNETES.oldestMinor && number <= SUPPORTED_KUBERNETES.newestMinor;
}
