/** What Azure Resource Manager answered instead of what was asked for. */
export class ArmRequestError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
  ) {
    super(`Status=${status} Code="${code}" Message="${detail}"`);
    this.name = "ArmRequestError";
  }
}

/** Whether Azure answered that the resource does not exist. */
export function isNotFound(error: unknown): boolean {
  return error instanceof ArmRequestError && error.status === 404;
}

/** Another operation on the resource has to end first. */
export function isBusy(error: unknown): boolean {
  return error instanceof ArmRequestError && error.code === "AnotherOperationInProgress";
}

/** The error that a response body describes. */
export function errorOf(status: number, body: string): ArmRequestError {
  let parsed: { error?: { code?: string; message?: string } | string; error_description?: string };
  try {
    parsed = JSON.parse(body) as typeof parsed;
  } catch {
    return new ArmRequestError(status, "Unknown", body.slice(0, 500));
  }
  if (typeof parsed.error === "object") {
    return new ArmRequestError(status, parsed.error.code ?? "", parsed.error.message ?? "");
  }
  return new ArmRequestError(status, parsed.error ?? "Unknown", parsed.error_description ?? body);
}
