/** The API server refused a request; the message is its own. */
export class ApiError extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** Machine-readable reason, as in `AlreadyExists`. */
    readonly reason: string,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** Whether the object does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

const NETWORK_FAILURES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
]);

/** Whether the cluster did not answer at all. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error ? String(error.code) : "";
  return NETWORK_FAILURES.has(code) || isUnreachable(error.cause);
}

/** Name of the program that could not be started since there is none; undefined for any other error. */
export function missingProgram(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code, path } = error as { code?: unknown; path?: unknown };
  if (code === "ENOENT" && typeof path === "string") return path;
  return missingProgram(error.cause);
}

/** Whether the same request may succeed a moment later: a server that is busy or not yet ready. */
export function isPassing(error: unknown): boolean {
  return error instanceof ApiError && [429, 502, 503, 504].includes(error.status);
}
