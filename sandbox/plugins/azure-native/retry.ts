import { setTimeout } from "node:timers/promises";

/**
 * Statuses after which a request is sent again. Failed connections are tried again too.
 * Source: provider/pkg/azure/client_azcore.go of pulumi-azure-native.
 */
const RETRIED = new Set([408, 429, 500, 502, 503, 504]);

/**
 * Milliseconds before each retry where Azure names no time. The real plugin waits 20, 60 and 120 s, and so
 * outlives longer outages.
 */
const PAUSES_MS = [2_000, 6_000, 12_000];

/**
 * Sends a request until its answer is final: at most three times more after the first.
 * @returns the last answer, whatever its status
 * @throws what the last attempt threw
 */
export async function withRetries(send: () => Promise<Response>): Promise<Response> {
  for (const pause of PAUSES_MS) {
    const response = await send().catch(() => undefined);
    if (response && !RETRIED.has(response.status)) return response;
    await setTimeout(retryAfterMs(response) ?? pause);
    await response?.body?.cancel();
  }
  return send();
}

function retryAfterMs(response: Response | undefined): number | undefined {
  const seconds = Number(response?.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1000 : undefined;
}
