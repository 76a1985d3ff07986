import { READY, waiting } from "./types";
import type { EndpointSlice, Service, Verdict } from "./types";

/**
 * Whether requests to the Service can arrive: pods answer for it, none of them is unready, and it has its
 * external address if it is to have one. A Service without selector gets its endpoints from elsewhere, and
 * a headless one may be meant to have none.
 */
export function judgeService({ spec, status }: Service, slices: EndpointSlice[]): Verdict {
  if (spec.type === "ExternalName") return READY;
  const hasSelector = Object.keys(spec.selector ?? {}).length > 0;
  if (hasSelector && spec.clusterIP !== "None") {
    const endpoints = slices.flatMap((slice) => slice.endpoints ?? []);
    const serving = endpoints.filter(({ conditions }) => conditions?.terminating !== true);
    if (serving.length === 0) return waiting("the Service does not target any Pods");
    const unready = serving.filter(({ conditions }) => conditions?.ready === false);
    if (unready.length > 0) {
      const names = unready.map(({ targetRef }) => targetRef?.name ?? "unnamed").join(", ");
      return waiting(`the Service targets Pods that are not ready: ${names}`);
    }
  }
  const hasAddress = (status?.loadBalancer?.ingress ?? []).some(
    ({ ip, hostname }) => ip ?? hostname,
  );
  return spec.type === "LoadBalancer" && !hasAddress
    ? waiting("the Service has no external address yet")
    : READY;
}
