/** The API server refused a request; the message is its own. */
export class RefusedError extends Error {
  override readonly name = "RefusedError";

  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** HTTP status with which the API server refused; undefined for any other error. */
export function statusOf(error: unknown): number | undefined {
  return error instanceof RefusedError ? error.status : undefined;
}

/** Whether the same request may succeed a moment later: a server that is busy or out of reach. */
export function isPassing(error: unknown): boolean {
  const status = statusOf(error);
  if (status !== undefined) return [429, 500, 502, 503, 504].includes(status);
  return error instanceof UnreachableError;
}

/** The API server did not answer at all. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
}

const UNREACHABLE = new Set([
  "EAI_AGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
]);

/** What is watched has gone: the state has it, and the cluster does not. */
export function deletedBySomebody(name: string): Error {
  return new Error(
    `${name} was deleted by somebody; run \`pulumi up --refresh\`, which makes it anew`,
  );
}

/** The library's error as one that says what is wrong and what to do, in a line. */
export function toReadableError(error: unknown): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const { code, path } = error as { code?: unknown; path?: unknown };
  if (typeof code === "number") return new RefusedError(code, serverMessage(error));
  if (code === "ENOENT" && String(path).includes("kubelogin")) {
    return new Error(
      "the cluster signs in through Entra, and there is no kubelogin: install it " +
        "(`az aks install-cli`), or put it on the PATH",
      { cause: error },
    );
  }
  if (typeof code === "string" && UNREACHABLE.has(code)) {
    return new UnreachableError(`the cluster does not answer: ${error.message}`, { cause: error });
  }
  return error.cause instanceof Error ? toReadableError(error.cause) : error;
}

function serverMessage(error: Error & { body?: unknown }): string {
  const text = typeof error.body === "string" ? error.body : JSON.stringify(error.body);
  try {
    const { message } = JSON.parse(text) as { message?: string };
    return message ?? text;
  } catch {
    return text || error.message;
  }
}

/**
 * Whether something in a cluster is still there. Of a cluster that does not answer nothing is there if
 * the user has said so to the kubernetes provider.
 *
 * @throws UnreachableError when the cluster does not answer, and nothing was said.
 */
export async function isStillThere(look: () => Promise<boolean>): Promise<boolean> {
  try {
    return await look();
  } catch (error) {
    const isGone = process.env.PULUMI_K8S_DELETE_UNREACHABLE === "true";
    if (isGone && error instanceof UnreachableError) return false;
    throw error;
  }
}
