import type { Entries } from "../config/entries";
import type { Report } from "../config/schema";
import { KUBERNETES_SUPPORT, needsLongTermSupport } from "./kubernetesVersion";

/** Tiers of AKS's control plane. */
export const TIERS = ["Free", "Standard", "Premium"] as const;

/** AKS's names of its support: by the community's year, or by a second one. */
export const SUPPORT_PLANS = ["KubernetesOfficial", "AKSLongTermSupport"] as const;

const LONG_TERM = "AKSLongTermSupport";

/** What of a cluster decides how AKS supports it. */
interface Supported {
  readonly values: {
    readonly kubernetesVersion?: string;
    readonly supportPlan?: (typeof SUPPORT_PLANS)[number];
    readonly tier?: (typeof TIERS)[number];
  };
  readonly raw: Entries;
  readonly report: Report;
}

/**
 * The tier that goes with the support plan: AKS has the Premium tier and long-term support only with each
 * other.
 *
 * @see https://learn.microsoft.com/azure/aks/long-term-support#enable-long-term-support
 */
export function tierOf({ values, raw, report }: Supported) {
  const { supportPlan, kubernetesVersion } = values;
  const isLongTerm = supportPlan === LONG_TERM;
  const tier = values.tier ?? (isLongTerm ? "Premium" : "Standard");
  if (isLongTerm !== (tier === "Premium")) {
    report({
      path: ["tier"],
      value: raw.tier,
      rule: `must be Premium with supportPlan ${LONG_TERM}, and only then`,
      remedy: isLongTerm ? "remove tier" : `set supportPlan to ${LONG_TERM}, or choose Standard`,
    });
  }
  if (!isLongTerm && kubernetesVersion !== undefined && needsLongTermSupport(kubernetesVersion)) {
    report({
      path: ["kubernetesVersion"],
      value: raw.kubernetesVersion,
      rule: "has long-term support only",
      remedy: `choose 1.${KUBERNETES_SUPPORT.oldestCommunityMinor} or newer, or set supportPlan to ${LONG_TERM}, which has the Premium tier`,
    });
  }
  return { tier };
}
