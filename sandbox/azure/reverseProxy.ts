import type {
  IncomingHttpHeaders,
  IncomingMessage,
  RequestOptions,
  ServerResponse,
} from "node:http";
import http from "node:http";

/** Where a request goes on to: a port of the loopback interface or a Unix socket. */
export type Upstream = Pick<RequestOptions, "host" | "port" | "socketPath">;

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
      response.writeHead(answer.statusCode ?? 502, without(answer.headers, HOP_BY_HOP));
      answer.pipe(response);
      answer.once("end", () => done?.(answer.statusCode ?? 502));
    },
  );
  outgoing.once("error", (error) => {
    if (response.headersSent) response.destroy();
    else
      response.writeHead(502, { "content-type": "text/plain" }).end(`upstream: ${error.message}`);
  });
  response.once("close", () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  request.pipe(outgoing);
}

function without(headers: IncomingHttpHeaders, names: readonly string[]): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));
}
