import { setTimeout as pause } from "node:timers/promises";
import sampleRequest from "../../scoring/sample-request.json";
import type { ServiceOutput } from "../engine/stack";
import { SandboxError } from "../host/sandboxError";

/** Milliseconds for a deployed service to answer: after a restart pods take a moment to come back. */
const PATIENCE = 90_000;

/**
 * Sends the sample request with the service's primary key.
 * @returns the body of the answer.
 */
export async function scoreSample(service: ServiceOutput): Promise<string> {
  const deadline = Date.now() + PATIENCE;
  for (;;) {
    const answer = await send(service);
    if (answer.ok) return answer.text;
    if (Date.now() > deadline) {
      throw new SandboxError(`${service.scoringUri} answers no prediction: ${answer.text}`);
    }
    await pause(1_000);
  }
}

async function send(service: ServiceOutput): Promise<{ ok: boolean; text: string }> {
  try {
    const response = await fetch(service.scoringUri, {
      method: "POST",
      headers: {
        authorization: `Bearer ${service.primaryKey}`,
        "content-type": "application/json",
      },
      body: JSON.stringify(sampleRequest),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    return { ok: response.ok, text: response.ok ? text : `${response.status} ${text}` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { ok: false, text: String(cause) };
  }
}
