import * as v from "valibot";
import type { Entries } from "../config/entries";
import {
  integer,
  optional,
  refuseCrossed,
  section,
  withDefault,
  withDefaultEnds,
  type Report,
} from "../config/schema";

// One service never needs more pods than AKS's 250 a node on many nodes; the bound catches typos.
const count = integer(1, 1000);
const DEFAULT_REPLICAS = { min: 2, max: 10 };

const autoscale = v.pipe(
  section(
    {
      minReplicas: optional(count, {
        meaning: "fewest pods",
        defaultText: `${DEFAULT_REPLICAS.min}, or \`maxReplicas\` if that is lower`,
      }),
      maxReplicas: optional(count, {
        meaning: "most pods",
        defaultText: `${DEFAULT_REPLICAS.max}, or \`minReplicas\` if that is higher`,
      }),
      targetCpuUtilization: withDefault(integer(1, 100), 70, {
        meaning: "load at which pods are added, in percent of the requested CPU",
      }),
    },
    ({ values: { minReplicas, maxReplicas }, report }) => {
      const keys = { min: "minReplicas", max: "maxReplicas" };
      refuseCrossed({ min: minReplicas, max: maxReplicas }, keys, report);
    },
  ),
  v.transform(({ minReplicas, maxReplicas, targetCpuUtilization }) => {
    const { min, max } = withDefaultEnds({ min: minReplicas, max: maxReplicas }, DEFAULT_REPLICAS);
    return { minReplicas: min, maxReplicas: max, targetCpuUtilization };
  }),
);

/** Options of a service that decide the number of its pods. */
export const scaling = {
  replicas: optional(count, {
    meaning: "a fixed number of pods; not together with `autoscale`",
    defaultText: "none",
  }),
  autoscale: withDefault(autoscale, {}, { meaning: "pods by load" }),
};

/** Refuses a number of pods that is fixed and follows the load. */
export function refuseBoth({ raw, report }: { readonly raw: Entries; readonly report: Report }) {
  const written = (value: unknown) => value !== undefined && value !== null;
  if (!written(raw.replicas) || !written(raw.autoscale)) return;
  report({
    path: ["replicas"],
    value: raw.replicas,
    rule: "must not be set together with autoscale",
    remedy: "keep replicas for a fixed number of pods, or autoscale for one that follows the load",
  });
}

/** Number of pods: fixed, or within bounds by load. */
export type ScaleConfig =
  | { readonly kind: "fixed"; readonly replicas: number }
  | ({ readonly kind: "auto" } & v.InferOutput<typeof autoscale>);

export function scaleOf(
  replicas: number | undefined,
  byLoad: v.InferOutput<typeof autoscale>,
): ScaleConfig {
  return replicas === undefined ? { kind: "auto", ...byLoad } : { kind: "fixed", replicas };
}

/** Fewest and most pods. */
export function bounds(scale: ScaleConfig): { readonly min: number; readonly max: number } {
  return scale.kind === "fixed"
    ? { min: scale.replicas, max: scale.replicas }
    : { min: scale.minReplicas, max: scale.maxReplicas };
}
