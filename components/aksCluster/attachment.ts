import { isSupportedKubernetesVersion, KUBERNETES_VERSION_RULE } from "./kubernetesVersion";

/** What of a cluster decides whether services can run on it. */
export interface ClusterFacts {
  readonly provisioningState: string;
  /** `Running` or `Stopped`. */
  readonly powerState: string;
  readonly kubernetesVersion: string;
  /** Operating system of each node pool. */
  readonly osTypes: readonly string[];
  /** Identity that pulls images; absent on clusters that still use a service principal. */
  readonly kubeletObjectId: string | undefined;
}

/** Why a cluster cannot be attached, and what to do about it. */
export interface Refusal {
  readonly rule: string;
  readonly remedy: string;
}

/** Everything that speaks against attaching a cluster; empty when nothing does. */
export function attachFaults(facts: ClusterFacts): readonly Refusal[] {
  const refusals: Refusal[] = [];
  if (facts.provisioningState !== "Succeeded") {
    refusals.push({
      rule: `must be provisioned; its provisioning state is ${facts.provisioningState}`,
      remedy: "wait until it is done, or fix it with `az aks update`",
    });
  }
  if (facts.powerState !== "Running") {
    refusals.push({
      rule: `must be running; its power state is ${facts.powerState}`,
      remedy: "start it with `az aks start`",
    });
  }
  if (!facts.osTypes.includes("Linux")) {
    refusals.push({
      rule: `must have a Linux node pool; it has ${facts.osTypes.join(", ") || "none"}`,
      remedy: "add one with `az aks nodepool add --os-type Linux`",
    });
  }
  if (!isSupportedKubernetesVersion(facts.kubernetesVersion)) {
    refusals.push({
      rule: `${KUBERNETES_VERSION_RULE}; it runs ${facts.kubernetesVersion}`,
      remedy: "upgrade it with `az aks upgrade`",
    });
  }
  if (facts.kubeletObjectId === undefined) {
    refusals.push({
      rule: "must use managed identities; it has no kubelet identity",
      remedy: "convert it with `az aks update --enable-managed-identity`",
    });
  }
  return refusals;
}
