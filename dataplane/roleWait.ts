import type { Run } from "./run";

/**
 * A role assignment takes up to ten minutes to reach a data plane.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/troubleshooting
 */
const DEFAULT_WAIT_SECONDS = 600;
const PAUSE_MS = 5_000;

/** Longest wait for a role, from `DATAPLANE_ROLE_WAIT_SECONDS` (0: do not wait). */
function waitSeconds(): number {
  const setting = process.env.DATAPLANE_ROLE_WAIT_SECONDS;
  if (setting === undefined) return DEFAULT_WAIT_SECONDS;
  const seconds = Number(setting);
  if (Number.isFinite(seconds) && seconds >= 0) return seconds;
  throw new Error(
    `DATAPLANE_ROLE_WAIT_SECONDS must be a number of seconds from 0, not "${setting}"`,
  );
}

/** HTTP status of an error of the Azure SDK. */
export function statusOf(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("statusCode" in error)) return undefined;
  return typeof error.statusCode === "number" ? error.statusCode : undefined;
}

/** Use of a role, as messages tell of it. */
export interface RoleUse {
  /** What is done with it, such as `uploading models/best_model`. */
  readonly what: string;
  readonly role: string;
  /** What the role is needed on, by ARM id or address. */
  readonly scope: string;
  /** Whether this stack assigns it; otherwise nobody does while it would wait. */
  readonly isGranted: boolean;
}

/** A request was understood, and the role that it needs is missing; like the errors of Azure's SDK. */
export class RoleMissing extends Error {
  readonly statusCode = 403;
}

function refused(
  { what, role, scope, isGranted }: RoleUse,
  seconds: number,
  cause: unknown,
): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const why = isGranted
    ? `this stack has assigned it, and it has had no effect for ${seconds} s; run \`pulumi up\` again`
    : "this stack does not assign it. Have it assigned to the identity that runs Pulumi, by " +
      `\`az role assignment create\`; if that was done just now, run again in some minutes`;
  return new Error(
    `${what} is forbidden (${reason}): it needs the role "${role}" on ${scope}; ${why}`,
    {
      cause,
    },
  );
}

/** Waits, or not, once the user interrupts the engine. */
function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, PAUSE_MS);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

/**
 * Repeats an operation while it is forbidden, since the role that allows it may be on its way. It says at
 * once what it waits for, and again every ten seconds, and ends when the user interrupts the engine. What
 * nobody assigns is not waited for.
 *
 * @throws Error naming role and scope when the role does not arrive in time, or not at all.
 */
export async function withRole<T>(
  use: RoleUse,
  { log, signal }: Pick<Run, "log" | "signal">,
  operation: () => Promise<T>,
): Promise<T> {
  const start = Date.now();
  const longest = use.isGranted ? waitSeconds() : 0;
  for (let tries = 0; ; tries++) {
    try {
      return await operation();
    } catch (error) {
      if (statusOf(error) !== 403) throw error;
      const elapsed = Math.round((Date.now() - start) / 1000);
      if (elapsed >= longest) throw refused(use, elapsed, error);
      const line = `${use.what}: waiting until the role "${use.role}" on ${use.scope} takes effect (${elapsed} s)`;
      if (tries % 2 === 0) log.info(line);
      else log.status(line);
      await pause(signal);
      if (signal.aborted) {
        throw new Error(`${use.what} was interrupted while it waited for the role "${use.role}"`, {
          cause: error,
        });
      }
    }
  }
}
