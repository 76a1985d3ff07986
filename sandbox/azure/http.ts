import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { isJsonObject, type JsonObject } from "../json";

/** What a handler answers: a JSON value, or a string with a content type of its own. */
export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
}

/** A request that is refused, with the status and the error code of the answer. */
export class HttpError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = "HttpError";
  }
}

/** ARM's own limit. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Reads a request's body, which may be empty.
 * @param mediaType what the body has to be when there is one; any type by default.
 * @throws HttpError 413 for a body of more than 4 MiB, 415 for one of another type, character set or
 *   compression, 400 for one that is not UTF-8.
 */
export async function readBody(request: IncomingMessage, mediaType?: string): Promise<string> {
  const content = await readBytes(request);
  if (content.length === 0) return "";
  checkContent(request.headers, mediaType);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    throw new HttpError(400, "InvalidRequestContent", "The request content is not valid UTF-8.");
  }
}

/** Reads on when the limit is exceeded: a client hears the answer only after it has sent everything. */
async function readBytes(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MAX_BODY_BYTES) {
    throw new HttpError(413, "RequestEntityTooLarge", "The request content exceeds 4 MiB.");
  }
  return Buffer.concat(chunks);
}

function checkContent(headers: IncomingHttpHeaders, mediaType: string | undefined): void {
  const [type = "", ...parameters] = (headers["content-type"] ?? "").toLowerCase().split(";");
  const charset = parameters
    .map((parameter) => /^\s*charset="?([^"]*?)"?\s*$/.exec(parameter)?.[1])
    .find((value) => value !== undefined);
  if (mediaType !== undefined && type.trim() !== mediaType) {
    throw unsupportedMedia(
      `The content media type '${type}' is not supported, only '${mediaType}'.`,
    );
  }
  if (charset !== undefined && charset !== "utf-8") {
    throw unsupportedMedia(`The character set '${charset}' is not supported, only 'utf-8'.`);
  }
  const encoding = headers["content-encoding"] ?? "identity";
  if (encoding !== "identity") {
    throw unsupportedMedia(`The content encoding '${encoding}' is not supported.`);
  }
}

function unsupportedMedia(message: string): HttpError {
  return new HttpError(415, "UnsupportedMediaType", message);
}

/**
 * Parses a body.
 * @throws HttpError 400 when it is no JSON object.
 */
export function parseJsonObject(body: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    const message = `The request content was not JSON: ${String(error)}`;
    throw new HttpError(400, "InvalidRequestContent", message);
  }
  if (!isJsonObject(parsed)) {
    throw new HttpError(400, "InvalidRequestContent", "The request content must be a JSON object.");
  }
  return parsed;
}

/**
 * The URL of a request.
 * @param base URL of the server, without a path.
 * @throws HttpError 400 when it is no URL, or its path has a malformed escape.
 */
export function urlOf(request: IncomingMessage, base: string): URL {
  try {
    // Azure's clients join a scope that begins with a slash to one of their own.
    const url = new URL((request.url ?? "/").replace(/^\/+(?=subscriptions\/)/i, "/"), base);
    decodeURIComponent(url.pathname);
    return url;
  } catch {
    throw new HttpError(400, "InvalidUri", `The request URI '${request.url ?? ""}' is invalid.`);
  }
}

/** Sends an answer. */
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
