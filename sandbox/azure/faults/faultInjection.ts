import { readFaultPlan } from "./faultPlan";
import type { FaultPlan } from "./faultPlan";

/** Faults that one request meets in a row at most: Azure's clients give up after three retries. */
const MOST_IN_A_ROW = 2;

/** What is asked: Azure Resource Manager or the blob service. */
type Target = "arm" | "blob";

/**
 * What becomes of a request: refused with 429, refused with 503, or carried out while its connection is cut
 * before the answer.
 */
export type Fault = "throttled" | "unavailable" | "cut";

/** Chooses the requests that fail, as the plan of the day says. The plan is read for each request. */
export class FaultInjection {
  private readonly counts: Record<Target, number> = { arm: 0, blob: 0 };
  private readonly inARow = new Map<string, number>();

  constructor(private readonly stateDir: string) {}

  /** Seconds that an access token is valid. */
  tokenLifetime(usual: number): number {
    return readFaultPlan(this.stateDir).tokenLifetime || usual;
  }

  /** Seconds until a data plane knows of an assigned role. */
  get roleDelay(): number {
    return readFaultPlan(this.stateDir).roleDelay;
  }

  /**
   * Counts a request and chooses its fault.
   * @param request what tells the request from others: method and path
   */
  next(target: Target, request: string): Fault | undefined {
    this.counts[target] += 1;
    const fault = faultOf(readFaultPlan(this.stateDir), target, this.counts[target]);
    const before = this.inARow.get(request) ?? 0;
    if (fault === undefined || before >= MOST_IN_A_ROW) {
      this.inARow.delete(request);
      return undefined;
    }
    this.inARow.set(request, before + 1);
    return fault;
  }
}

function faultOf(plan: FaultPlan, target: Target, count: number): Fault | undefined {
  const isTurn = (every: number) => every > 0 && count % every === 0;
  if (isTurn(plan.failEvery)) return "unavailable";
  if (target === "blob") return undefined;
  if (isTurn(plan.throttleEvery)) return "throttled";
  return isTurn(plan.cutEvery) ? "cut" : undefined;
}
