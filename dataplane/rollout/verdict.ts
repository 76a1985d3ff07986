/** In ms since 1970. */
export interface WatchTimes {
  /** When the watch began: what failed before may have been repaired by what is being deployed. */
  readonly since: number;
  readonly now: number;
}

/** Where it stands with what is watched. */
export type Verdict =
  | { readonly state: "ready" }
  /** `message` is what is missing. */
  | { readonly state: "waiting"; readonly message: string }
  /** It will not become ready by waiting longer. */
  | { readonly state: "hopeless"; readonly message: string };

export function waiting(message: string): Verdict {
  return { state: "waiting", message };
}

export function hopeless(message: string): Verdict {
  return { state: "hopeless", message };
}

export const READY: Verdict = { state: "ready" };
