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

/**
 * Repeats an operation while it is forbidden, since the role that allows it may be on its way.
 *
 * @param what the operation and the role it needs, for the messages.
 * @throws the last refusal, with `what` in front, when the role does not arrive in time.
 */
export async function withRole<T>(what: string, operation: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const deadline = start + waitSeconds() * 1000;
  for (;;) {
    try {
      return await operation();
    } catch (error) {
      if (statusOf(error) !== 403) throw error;
      if (Date.now() >= deadline) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Error(`${what} is forbidden: ${reason}`, { cause: error });
      }
      const elapsed = Math.round((Date.now() - start) / 1000);
      console.log(`${what} is not allowed yet; waiting for the role assignment (${elapsed} s)`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
