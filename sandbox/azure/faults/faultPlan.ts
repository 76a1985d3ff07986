import * as fs from "node:fs";
import * as path from "node:path";
import { writeJson } from "../../host/layout";

/**
 * What goes wrong in Azure on a bad day. Requests are counted instead of drawn by lot, so that a run can be
 * repeated. 0 switches a fault off.
 */
export interface FaultPlan {
  /** Each n-th request to Resource Manager is refused with 429 and `Retry-After`. */
  readonly throttleEvery: number;
  /** Each n-th request to Resource Manager or to blobs is refused with 503. */
  readonly failEvery: number;
  /** Each n-th request to Resource Manager is carried out, and its connection cut before the answer. */
  readonly cutEvery: number;
  /** Seconds that an access token is valid, instead of an hour. */
  readonly tokenLifetime: number;
  /** Seconds until blobs, registries and clusters know of a role that is assigned. */
  readonly roleDelay: number;
}

/** Nothing goes wrong. */
export const GOOD_DAY: FaultPlan = {
  throttleEvery: 0,
  failEvery: 0,
  cutEvery: 0,
  tokenLifetime: 0,
  roleDelay: 0,
};

/**
 * Everything goes wrong, but nothing for so long that Azure's own clients would give up: they try a
 * request four times. The periods have no common divisor, so that one request rarely meets two faults.
 */
export const BAD_DAY: FaultPlan = {
  throttleEvery: 11,
  failEvery: 13,
  cutEvery: 17,
  tokenLifetime: 20,
  roleDelay: 15,
};

/** Where the plan of a running emulator lies; without the file it is a good day. */
export function faultPlanFile(stateDir: string): string {
  return path.join(stateDir, "faults.json");
}

/** Has the emulator of a state folder follow a plan from its next request on. */
export function writeFaultPlan(stateDir: string, plan: FaultPlan): void {
  writeJson(faultPlanFile(stateDir), plan, 0o600);
}

/**
 * Reads the plan of a state folder. What it does not name goes well: it may be an earlier release's.
 * @throws naming what is no whole number of 0 or more, or unknown.
 */
export function readFaultPlan(stateDir: string): FaultPlan {
  const file = faultPlanFile(stateDir);
  if (!fs.existsSync(file)) return GOOD_DAY;
  const written = JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, unknown>;
  const plan: Record<string, unknown> = { ...GOOD_DAY, ...written };
  const wrong = Object.keys(plan).filter(
    (name) => !(name in GOOD_DAY) || !Number.isInteger(plan[name]) || Number(plan[name]) < 0,
  );
  if (wrong.length > 0) throw new Error(`${file} has invalid values: ${wrong.join(", ")}`);
  return plan as unknown as FaultPlan;
}
