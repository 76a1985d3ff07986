import { BAD_DAY, GOOD_DAY, writeFaultPlan, type FaultPlan } from "../azure/faults/faultPlan";
import { inState } from "../host/layout";
import { progress } from "../host/progress";

const PLANS: Readonly<Record<string, FaultPlan>> = { "bad-day": BAD_DAY, none: GOOD_DAY };

/** Names of the plans that the emulator can be told to follow. */
export const FAULT_PLANS: readonly string[] = Object.keys(PLANS);

/**
 * Has the emulated Azure follow a plan of faults from its next request on, also over a restart.
 * @returns false when there is no plan of that name
 */
export function injectFaults(name: string): boolean {
  const plan = Object.hasOwn(PLANS, name) ? PLANS[name] : undefined;
  if (plan === undefined) return false;
  writeFaultPlan(inState("azure"), plan);
  const values = Object.entries(plan).map(([key, value]) => `${key} ${value}`);
  progress.say(`Azure (emulated) follows "${name}": ${values.join(", ")}`);
  return true;
}
