/** An error whose message explains everything to the user: it is printed without a stack trace. */
export class SandboxError extends Error {
  override name = "SandboxError";

  /**
   * @param fault what is wrong.
   * @param remedy what to do about it.
   */
  constructor(fault: string, remedy?: string) {
    super(remedy === undefined ? fault : `${fault}. ${remedy}`);
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
