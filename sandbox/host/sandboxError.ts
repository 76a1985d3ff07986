/** A fault that its message alone explains to the user: printed as one line, without a stack. */
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

/** The text of anything thrown. */
export function faultText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
