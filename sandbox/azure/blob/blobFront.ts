import type { IncomingMessage, ServerResponse } from "node:http";
import type { Services } from "../arm/handler";
import type { Resource } from "../arm/store";
import { bearerToken, send } from "../http";
import { forward } from "../reverseProxy";

const CONTAINERS = "Microsoft.Storage/storageAccounts/blobServices/containers";
const AUDIENCE = "https://storage.azure.com";

interface Demand {
  readonly action: string;
  readonly isData: boolean;
}

/** An error of the blob service. */
interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

const UNAVAILABLE: Refusal = {
  status: 503,
  code: "ServerBusy",
  message: "The server is currently unable to receive requests.",
};
const KEYS_ARE_OFF: Refusal = {
  status: 403,
  code: "KeyBasedAuthenticationNotPermitted",
  message: "Key based authentication is not permitted on this storage account.",
};
const INVALID_TOKEN: Refusal = {
  status: 401,
  code: "InvalidAuthenticationInfo",
  message: "Server failed to authenticate the request.",
};
const NOT_AUTHORIZED: Refusal = {
  status: 403,
  code: "AuthorizationPermissionMismatch",
  message: "This request is not authorized to perform this operation using this permission.",
};
const NO_CREDENTIALS: Refusal = {
  status: 401,
  code: "NoAuthenticationInformation",
  message:
    "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
};

/**
 * The blob endpoint of every storage account: decides who may do what, by role for Entra tokens and
 * by the account's settings for keys, and leaves the blobs themselves to Azurite.
 */
export class BlobFront {
  constructor(private readonly services: Services) {}

  /** The storage account that a path's first segment names. */
  accountOf(pathname: string): Resource | undefined {
    const name = pathname.split("/")[1] ?? "";
    if (!/^[a-z0-9]{3,24}$/.test(name)) return undefined;
    return this.services.resources
      .all()
      .find(({ body }) => body.type === "Microsoft.Storage/storageAccounts" && body.name === name);
  }

  /** Passes a request on to Azurite if the caller may send it; `url` is the request's. */
  async handle(
    account: Resource,
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<void> {
    const running = this.services.blobs.get(account.body.name);
    const fault = this.services.faults.next("blob", `${request.method} ${url.pathname}`);
    if (!running || fault) return refuse(response, UNAVAILABLE);
    const upstream = { host: "127.0.0.1", port: running.port };
    const token = bearerToken(request);
    if (token) {
      const refusal = await this.refusal(account, token, demandOf(request.method ?? "GET", url));
      if (refusal) return refuse(response, refusal);
      const separator = url.search === "" ? "?" : "&";
      const path = `${request.url ?? "/"}${separator}${running.sas}`;
      return forward(request, response, { upstream, path, drop: ["authorization"] });
    }
    const isSigned = request.headers.authorization !== undefined || url.searchParams.has("sig");
    if (!isSigned) return this.challenge(response);
    if (account.body.properties.allowSharedKeyAccess === false) {
      return refuse(response, KEYS_ARE_OFF);
    }
    forward(request, response, { upstream, path: request.url ?? "/" });
  }

  private async refusal(
    account: Resource,
    token: string,
    { action, isData }: Demand,
  ): Promise<Refusal | undefined> {
    const claims = await this.services.tokens
      .verify(token, [AUDIENCE, `${this.services.baseUrl}/${account.body.name}`])
      .catch(() => undefined);
    if (!claims) return INVALID_TOKEN;
    const { directory } = this.services;
    const isAllowed = directory.isEffective(String(claims.oid), action, account.body.id, isData);
    return isAllowed ? undefined : NOT_AUTHORIZED;
  }

  private challenge(response: ServerResponse): void {
    const authority = `${this.services.baseUrl}/${this.services.settings.tenantId}/oauth2/authorize`;
    refuse(response, NO_CREDENTIALS, {
      "www-authenticate": `Bearer authorization_uri=${authority} resource_id=${AUDIENCE}`,
    });
  }
}

/** The action behind a blob request; creating and deleting containers are no data actions. */
export function demandOf(method: string, url: URL): Demand {
  const isRead = method === "GET" || method === "HEAD";
  const [, , container = "", ...blob] = url.pathname.split("/");
  const isContainer = blob.join("") === "";
  const isList = url.searchParams.get("comp") === "list";
  if (container === "") return { action: `${CONTAINERS}/read`, isData: false };
  if (isContainer && isRead && isList) return { action: `${CONTAINERS}/blobs/read`, isData: true };
  if (isContainer) {
    const verb = isRead ? "read" : method === "DELETE" ? "delete" : "write";
    return { action: `${CONTAINERS}/${verb}`, isData: false };
  }
  const verb = isRead ? "read" : method === "DELETE" ? "delete" : "write";
  return { action: `${CONTAINERS}/blobs/${verb}`, isData: true };
}

function refuse(
  response: ServerResponse,
  { status, code, message }: Refusal,
  headers: Record<string, string> = {},
): void {
  send(response, {
    status,
    headers: { ...headers, "x-ms-error-code": code, "content-type": "application/xml" },
    text: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  });
}
