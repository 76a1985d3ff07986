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
const LONGEST_START_MS = 30_000;

/**
 * What a service answers that has just come up: nodes learn of a new address some seconds after the API
 * server has it.
 *
 * @throws Error of the request, when connections are still refused in the end.
 */
async function onceReachable<T>(request: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + LONGEST_START_MS;
  for (;;) {
    try {
      return await request();
    } catch (error) {
      // What `fetch` throws when there is no connection; an answer of any kind is not retried.
      // Compared as text: under jest the error is of another realm, where `instanceof` fails.
      const refused = String(error) === "TypeError: fetch failed";
      if (!refused || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

/** Predictions of a service that has just come up, otherwise as `predict` does. */
export function firstPrediction(service: ServiceOutput): Promise<number[]> {
  return onceReachable(() => predict(service));
}

/** The answer of a service that has just come up, otherwise as `send` does. */
export function firstAnswer(service: ServiceOutput, sending: Sending): Promise<Response> {
  return onceReachable(() => send(service, sending));
}

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
