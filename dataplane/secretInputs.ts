import { isDeepStrictEqual } from "node:util";
import type { Inputs } from "@pulumi/pulumi";
import { isRpcSecret, unwrapRpcSecret } from "@pulumi/pulumi/runtime/rpc";

function revealed(value: unknown): unknown {
  if (isRpcSecret(value)) return revealed(unwrapRpcSecret(value));
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, revealed(item)]));
}

/** Inputs or outputs without the marks of secrets, to work with; any value of the program may be secret. */
export function reveal(marked: Inputs): Inputs {
  return revealed(marked) as Inputs;
}

/** Outputs in which what was marked as a secret in one of the sources is marked again. */
export function hideLike(outs: Inputs, ...sources: readonly Inputs[]): Inputs {
  const entries = Object.entries(outs as Readonly<Record<string, unknown>>).map(([key, value]) => {
    const marked = sources
      .map((source): unknown => source[key])
      .find((candidate) => isDeepStrictEqual(revealed(candidate), value));
    return [key, marked ?? value] as const;
  });
  return Object.fromEntries(entries);
}
