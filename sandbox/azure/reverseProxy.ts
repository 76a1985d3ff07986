import * as http from "node:http";
import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestOptions,
  ServerResponse,
} from "node:http";
import { pipeline } from "node:stream";

/** Where a request goes on to: a port of the loopback interface or a Unix socket. */
export type Upstream = Pick<RequestOptions, "host" | "port" | "socketPath">;

/** How a request is passed on. */
export interface Forwarding {
  readonly upstream: Upstream;
  /** Path and query as the upstream shall see them. */
  readonly path: string;
  /** Headers left out of the forwarded request. */
  readonly drop?: readonly string[];
  readonly add?: Readonly<Record<string, string>>;
  /** Called when the upstream has answered in full. */
  readonly done?: (status: number) => void;
}

const HOP_BY_HOP = ["connection", "keep-alive", "te", "trailer", "upgrade", "proxy-authorization"];

/** Streams a request to an upstream server and its answer back; 502 when it cannot be reached. */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  forwarding: Forwarding,
): void {
  const { upstream, path, drop = [], add = {}, done } = forwarding;
  const outgoing = http.request(
    {
      ...upstream,
      method: request.method,
      path,
      headers: { ...without(request.headers, [...HOP_BY_HOP, ...drop]), ...add },
    },
    (answer) => {
      const status = answer.statusCode ?? 502;
      response.writeHead(status, without(answer.headers, HOP_BY_HOP));
      pipeline(answer, response, (error) => {
        if (!error) done?.(status);
      });
    },
  );
  // The upstream may break off before it answers, even after it has taken the whole request.
  outgoing.once("error", (error) => {
    if (response.headersSent) {
      response.destroy();
    } else {
      response.writeHead(502, { "content-type": "text/plain" }).end(`upstream: ${error.message}`);
    }
  });
  pipeline(request, outgoing, (error) => {
    if (error) outgoing.destroy();
  });
  response.once("close", () => {
    if (!response.writableFinished) outgoing.destroy();
  });
}

function without(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
