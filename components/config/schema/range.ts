import type { Report } from "./report";

/** The ends of a range, as far as they are written. */
interface Written {
  readonly min: number | undefined;
  readonly max: number | undefined;
}

/** Refuses a minimum above its maximum; says so of the minimum. */
export function refuseCrossed({ min, max }: Written, keys: Ends<string>, report: Report): void {
  if (min === undefined || max === undefined || min <= max) return;
  report({
    path: [keys.min],
    value: min,
    rule: `must not be above ${keys.max} (${max})`,
    remedy: `lower it or raise ${keys.max}`,
  });
}

/** Both ends of a range. */
export interface Ends<T> {
  readonly min: T;
  readonly max: T;
}

/** Both ends: a default gives way where only the other end is written, and lies beyond it. */
export function withDefaultEnds({ min, max }: Written, defaults: Ends<number>): Ends<number> {
  const least = min ?? Math.min(max ?? defaults.min, defaults.min);
  return { min: least, max: max ?? Math.max(least, defaults.max) };
}
