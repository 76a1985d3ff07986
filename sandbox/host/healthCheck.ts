import * as https from "node:https";

/** Milliseconds for one answer. */
const PATIENCE = 3_000;

/**
 * Whether a URL answers with 200.
 * @param tls authority to trust and, where the server wants one, client certificate with key.
 */
export async function isHealthy(url: string, tls: https.AgentOptions): Promise<boolean> {
  return new Promise((done, failed) => {
    const sent = https.request(
      url,
      { agent: new https.Agent(tls), timeout: PATIENCE },
      (response) => {
        response.resume();
        done(response.statusCode === 200);
      },
    );
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${PATIENCE} ms`)));
    sent.on("error", failed);
    sent.end();
  });
}
