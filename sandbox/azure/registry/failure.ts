import type { Reply } from "../http";

/** An error in the form of the registry protocol. */
export function failure(status: number, code: string, message: string): Reply {
  return { status, json: { errors: [{ code, message }] } };
}
