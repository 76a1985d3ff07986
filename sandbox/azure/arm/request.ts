import type { Principal } from "../identity/directory";

/** A request whose caller is known. */
export interface ArmRequest {
  readonly method: string;
  /** Without a slash at the end; escapes of single characters are decoded. */
  readonly pathname: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly caller: Principal;
}

/** Throws unless the caller may do something over a scope. */
export type Authorize = (caller: Principal, action: string, scope: string) => void;
