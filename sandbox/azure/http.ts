import type { IncomingMessage, ServerResponse } from "node:http";

/** What a handler answers: a JSON value, or text with a content type of its own. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Reads a request body of at most 4 MiB, ARM's own limit. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError("The request content exceeds 4 MiB.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

export function send(response: ServerResponse, reply: Reply): void {
  const content = reply.json === undefined ? reply.text : JSON.stringify(reply.json);
  const type = reply.json === undefined ? "text/plain" : "application/json; charset=utf-8";
  response.writeHead(reply.status, {
    ...(content === undefined ? {} : { "content-type": type }),
    ...reply.headers,
  });
  response.end(content);
}

/** The bearer token of a request, if it carries one. */
export function bearerToken(request: IncomingMessage): string | undefined {
  return /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
}

/** User name and password of a basic authorization header, if it carries one. */
export function basicCredentials(
  request: IncomingMessage,
): { user: string; password: string } | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (!encoded) return undefined;
  const decoded = Buffer.from(encoded, "base64").toString("utf8");
  const colon = decoded.indexOf(":");
  return { user: decoded.slice(0, colon), password: decoded.slice(colon + 1) };
}
