import * as http from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { Run } from "./run";

/** Where a service says that it is ready, without a key. */
export interface ReadyRoute {
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/** How long a new address is tried, in milliseconds. */
export interface Patience {
  /** While nothing is heard from it: a private one may never be reached from the machine that deploys. */
  readonly silentMs: number;
  /** Once anything is: nodes learn of an address and of its pods seconds after the API server has them. */
  readonly heardMs: number;
}

const PATIENCE: Patience = { silentMs: 15_000, heardMs: 60_000 };
const PAUSE_MS = 500;
const REQUEST_MS = 2_000;
/** Answers in a row, each by a connection of its own, since every node learns for itself. */
const IN_A_ROW = 3;

/** What comes of one request: the service's answer, something else, or nothing. */
type Sound = "ready" | "heard" | "silent";

/** What the network says where nobody can be reached. */
const UNREACHABLE = new Set(["EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN"]);

function ask({ host, port, path }: ReadyRoute): Promise<Sound> {
  return new Promise((resolve) => {
    // No agent: the connection before may lead where a new one does not.
    const request = http.get({ host, port, path, agent: false, timeout: REQUEST_MS });
    request.on("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? "ready" : "heard");
    });
    request.on("timeout", () => {
      resolve("silent");
      request.destroy();
    });
    request.on("error", (error: NodeJS.ErrnoException) =>
      resolve(UNREACHABLE.has(error.code ?? "") ? "silent" : "heard"),
    );
  });
}

async function isAnswering(route: ReadyRoute): Promise<Sound> {
  for (let answers = 0; answers < IN_A_ROW; answers++) {
    const sound = await ask(route);
    if (sound !== "ready") return sound;
  }
  return "ready";
}

/**
 * Tries a service at its address until it is ready there. An address that this machine does not reach
 * is said, and no failure.
 */
export async function untilAnswering(
  route: ReadyRoute,
  { log, signal }: Run,
  { silentMs, heardMs }: Patience = PATIENCE,
): Promise<void> {
  const start = Date.now();
  const address = `${route.host}:${route.port}`;
  let isHeard = false;
  for (;;) {
    const sound = await isAnswering(route);
    if (sound === "ready" || signal.aborted) return;
    isHeard ||= sound === "heard";
    if (Date.now() - start > (isHeard ? heardMs : silentMs)) break;
    log.status(`waiting until ${address} answers`);
    await delay(PAUSE_MS);
  }
  log.info(
    isHeard
      ? `${address} is not ready for requests of this machine; something between both may refuse them`
      : `${address} does not answer to this machine, which may be outside its network`,
  );
}
