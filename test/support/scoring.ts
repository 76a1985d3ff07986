import type { ServiceOutput } from "./sandbox";

/** The two patients of the tutorial. */
export const SAMPLE = {
  data: [
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
  ],
};

/** Sends the sample with a key. */
export function send(service: ServiceOutput, key = service.primaryKey): Promise<Response> {
  return fetch(service.scoringUri, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(SAMPLE),
    signal: AbortSignal.timeout(10_000),
  });
}

/**
 * Predictions for the sample.
 *
 * @throws Error when the service does not answer with 200.
 */
export async function predict(service: ServiceOutput): Promise<number[]> {
  const response = await send(service);
  const text = await response.text();
  if (response.status !== 200) throw new Error(`scoring answered ${response.status}: ${text}`);
  return JSON.parse(text) as number[];
}

/** What a client saw that kept calling. */
export interface Poll {
  readonly sent: number;
  /** Everything that was not a prediction. */
  readonly failures: readonly string[];
}

const PAUSE_MS = 50;

/** Calls a service all the while an operation runs. */
export async function whilePolling(
  service: ServiceOutput,
  operation: () => Promise<unknown>,
): Promise<Poll> {
  const failures: string[] = [];
  let sent = 0;
  let running = true;
  const client = (async () => {
    while (running) {
      sent++;
      try {
        await predict(service);
      } catch (error) {
        failures.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  })();
  try {
    await operation();
  } finally {
    running = false;
    await client;
  }
  return { sent, failures };
}
