import * as fs from "node:fs";
import * as path from "node:path";
import type { ServiceOutput } from "./sandbox";

const SAMPLE_FILE = path.join(__dirname, "../../scoring/sample-request.json");

/** The two patients of the tutorial. */
export const SAMPLE = JSON.parse(fs.readFileSync(SAMPLE_FILE, "utf8")) as {
  readonly data: readonly (readonly number[])[];
};

/** What `send` sends instead of the sample, and how long it waits. */
interface Sending {
  readonly key?: string;
  readonly data?: unknown;
  readonly timeoutMs?: number;
}

/** Sends the sample, or other data, with a key. */
export function send(
  service: ServiceOutput,
  { key = service.primaryKey, data = SAMPLE, timeoutMs = 10_000 }: Sending = {},
): Promise<Response> {
  return fetch(service.scoringUri, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify(data),
    signal: AbortSignal.timeout(timeoutMs),
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

const LONGEST_DRAIN_MS = 60_000;

/**
 * Waits until the service predicts what is wanted: a client with an open connection talks to a pod
 * of the old version until that pod has ended.
 *
 * @throws Error with the last prediction when it stays what it is.
 */
export async function untilPredicted(
  service: ServiceOutput,
  wanted: (prediction: readonly number[]) => boolean,
): Promise<void> {
  const deadline = Date.now() + LONGEST_DRAIN_MS;
  for (;;) {
    const prediction = await predict(service);
    if (wanted(prediction)) return;
    if (Date.now() > deadline) throw new Error(`still predicting ${JSON.stringify(prediction)}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** What a client saw that kept calling. */
export interface Poll {
  readonly sent: number;
  /** Everything that was not a prediction. */
  readonly failures: readonly string[];
  /** The predictions, each once. */
  readonly predictions: readonly (readonly number[])[];
}

const PAUSE_MS = 50;

/** Calls a service all the while an operation runs. */
export async function whilePolling(
  service: ServiceOutput,
  operation: () => Promise<unknown>,
): Promise<Poll> {
  const failures: string[] = [];
  const predictions = new Map<string, readonly number[]>();
  let sent = 0;
  let running = true;
  const client = (async () => {
    while (running) {
      sent++;
      try {
        const prediction = await predict(service);
        predictions.set(JSON.stringify(prediction), prediction);
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
  return { sent, failures, predictions: [...predictions.values()] };
}
