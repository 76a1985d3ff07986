import type { IncomingMessage, ServerResponse } from "node:http";
import { requireVersion } from "./arm/apiVersion";
import { ArmError, unauthenticated } from "./arm/errors";
import type { Services } from "./arm/handler";
import type { Pipeline } from "./arm/pipeline";
import { BlobFront } from "./blob/blobFront";
import { bearerToken, HttpError, readBody, send, urlOf } from "./http";
import type { Reply } from "./http";
import type { Principal } from "./identity/directory";
import { armAudiences, cloudMetadata, Entra } from "./identity/entra";
import { reviewToken } from "./identity/tokenReview";

/** The version from which on the document describes one cloud; before, it had other forms. */
const METADATA_VERSION = "2022-09-01";

/** 429 and 503 as Resource Manager answers them on a bad day. */
const THROTTLED = refusal(429, "TooManyRequests", "The number of requests exceeded the limit.");
const UNAVAILABLE = refusal(503, "ServerTimeout", "The request timed out. Please try again later.");

/** The emulator's one port: finds out which part a request is for, and reports what it refuses. */
export class Front {
  private readonly blobs: BlobFront;
  private readonly entra: Entra;

  constructor(
    private readonly services: Services,
    private readonly pipeline: Pipeline,
    private readonly log: (message: string) => void,
  ) {
    this.blobs = new BlobFront(services);
    this.entra = new Entra(services);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const url = urlOf(request, this.services.baseUrl);
      const account = this.blobs.accountOf(url.pathname);
      if (this.services.tasks.storage.owns(url.pathname)) {
        this.services.tasks.storage.pass(request, response);
      } else if (account) {
        await this.blobs.handle(account, request, response, url);
      } else {
        await this.reply(request, response, url);
      }
    } catch (error) {
      const { status, code, message } = error instanceof HttpError ? error : this.internal(error);
      if (status === 401) response.setHeader("www-authenticate", this.challenge());
      response.setHeader("x-ms-failure-cause", "gateway");
      send(response, { status, json: { error: { code, message } } });
    }
  }

  private async reply(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const fault = isArm(url)
      ? this.services.faults.next("arm", `${request.method} ${url.pathname}`)
      : undefined;
    if (fault === "throttled") return send(response, THROTTLED);
    if (fault === "unavailable") return send(response, UNAVAILABLE);
    const reply = await this.answer(request, url);
    if (fault === "cut") response.destroy();
    else send(response, reply);
  }

  private async answer(request: IncomingMessage, url: URL): Promise<Reply> {
    const { pathname } = url;
    if (pathname === "/healthz") return { status: 200, text: "ok" };
    if (pathname === "/metadata/endpoints") {
      return { status: 200, json: metadataDocument(url, this.services) };
    }
    if (pathname === "/metadata/identity/oauth2/token") {
      return this.entra.managedIdentityToken(request, url);
    }
    if (pathname === "/tokenreview") return reviewToken(request, this.services);
    const entra = await this.entra.answer(request, url);
    return entra ?? this.arm(request, url);
  }

  private async arm(request: IncomingMessage, url: URL): Promise<Reply> {
    const caller = await this.authenticate(request);
    const method = request.method ?? "GET";
    const body = await readBody(request, "application/json");
    const pathname = decodeURI(url.pathname).replace(/\/+$/, "");
    const query = url.searchParams;
    const reply = await this.pipeline.handle({ method, pathname, query, body, caller });
    if (method !== "GET") this.log(`${method} ${pathname} ${reply.status}`);
    return reply;
  }

  private async authenticate(request: IncomingMessage): Promise<Principal> {
    const token = bearerToken(request);
    if (!token) {
      throw unauthenticated("Authentication failed. The 'Authorization' header is missing.");
    }
    const { tokens, directory, baseUrl } = this.services;
    const claims = await tokens.verify(token, armAudiences(baseUrl)).catch((error: unknown) => {
      throw new ArmError(
        401,
        "InvalidAuthenticationToken",
        `The access token is invalid: ${String(error)}`,
      );
    });
    const caller = directory.byObjectId(String(claims.oid));
    if (!caller) throw unauthenticated("The token's principal no longer exists in the directory.");
    return caller;
  }

  private challenge(): string {
    const { baseUrl, settings } = this.services;
    return `Bearer authorization_uri="${baseUrl}/${settings.tenantId}", error="invalid_token", error_description="Could not verify the access token."`;
  }

  private internal(error: unknown): HttpError {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.log(`internal error: ${message}`);
    return new HttpError(500, "InternalServerError", "The emulator failed; its log says why.");
  }
}

function refusal(status: number, code: string, message: string): Reply {
  return { status, headers: { "retry-after": "1" }, json: { error: { code, message } } };
}

/** Resource Manager's own paths; the directory's token service has better days. */
function isArm({ pathname }: URL): boolean {
  return /^\/+(subscriptions|providers)(\/|$)/i.test(pathname);
}

function metadataDocument(url: URL, services: Services): object {
  requireVersion(url.searchParams, METADATA_VERSION, "/metadata/endpoints");
  return cloudMetadata(services);
}
