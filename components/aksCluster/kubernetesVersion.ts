/**
 * Minor versions of Kubernetes 1 and their support by AKS, as of November 2026. Each version has a year of
 * community support and then one of long-term support, which is for clusters of the Premium tier that ask
 * for it. There is no upper end: which versions a region has by now, Azure itself is asked.
 *
 * @see https://learn.microsoft.com/azure/aks/supported-kubernetes-versions
 * @see https://learn.microsoft.com/azure/aks/long-term-support
 */
export const KUBERNETES_SUPPORT = {
  /** 1.32: its long-term support ends in March 2027. */
  oldestMinor: 32,
  /** 1.34: older ones have long-term support only. */
  oldestCommunityMinor: 34,
} as const;

/** The sentence for a fault about a version. */
export const KUBERNETES_VERSION_RULE = `must be Kubernetes 1.${KUBERNETES_SUPPORT.oldestMinor} or newer, as 1.MINOR or 1.MINOR.PATCH`;

/** The minor version of `1.MINOR` or `1.MINOR.PATCH`; undefined for anything else. */
function minorOf(version: string): number | undefined {
  const minor = /^1\.(\d{1,3})(\.\d{1,3})?$/.exec(version)?.[1];
  return minor === undefined ? undefined : Number(minor);
}

/** Whether the pods run on a version and AKS supports it, in one way or another. */
export function isSupportedKubernetesVersion(version: string): boolean {
  return (minorOf(version) ?? 0) >= KUBERNETES_SUPPORT.oldestMinor;
}

/** Whether AKS supports a version only in clusters with long-term support. */
export function needsLongTermSupport(version: string): boolean {
  return (minorOf(version) ?? 0) < KUBERNETES_SUPPORT.oldestCommunityMinor;
}
