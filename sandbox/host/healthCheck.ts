import { Agent, request, type AgentOptions } from "node:https";

/** Milliseconds for one answer. */
const PATIENCE = 3_000;

/**
 * Whether a URL answers with 200.
 * @param tls authority to trust and, where the server wants one, client certificate with key.
 */
export async function isHealthy(url: string, tls: AgentOptions): Promise<boolean> {
  return new Promise((done, failed) => {
    const sent = request(url, { agent: new Agent(tls), timeout: PATIENCE }, (response) => {
      response.resume();
      done(response.statusCode === 200);
    });
    sent.on("timeout", () => sent.destroy(new Error(`no answer within ${PATIENCE} ms`)));
    sent.on("error", failed);
    sent.end();
  });
}
