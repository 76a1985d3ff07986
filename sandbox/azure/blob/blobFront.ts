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

  async handle(
    account: Resource,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const running = this.services.blobs.get(account.body.name);
    const url = new URL(request.url ?? "/", "https://127.0.0.1");
    if (!running)
      return refuse(
        response,
        503,
        "ServerBusy",
        "The server is currently unable to receive requests.",
      );
    const upstream = { host: "127.0.0.1", port: running.port };
    const token = bearerToken(request);
    const hasSignature = url.searchParams.has("sig");
    if (!token && !request.headers.authorization && !hasSignature) return this.challenge(response);
    if (!token) {
      if (account.body.properties.allowSharedKeyAccess === false)
        return refuse(
          response,
          403,
          "KeyBasedAuthenticationNotPermitted",
          "Key based authentication is not permitted on this storage account.",
        );
      return forward(request, response, { upstream, path: request.url ?? "/" });
    }
    const refusal = await this.refusal(account, token, demandOf(request.method ?? "GET", url));
    if (refusal) return refuse(response, ...refusal);
    const separator = url.search === "" ? "?" : "&";
    const path = `${request.url ?? "/"}${separator}${running.sas}`;
    forward(request, response, { upstream, path, drop: ["authorization"] });
  }

  private async refusal(
    account: Resource,
    token: string,
    demand: Demand,
  ): Promise<[number, string, string] | undefined> {
    const claims = await this.services.tokens
      .verify(token, [AUDIENCE, `${this.services.baseUrl}/${account.body.name}`])
      .catch(() => undefined);
    if (!claims)
      return [401, "InvalidAuthenticationInfo", "Server failed to authenticate the request."];
    const objectId = String(claims.oid);
    const { action, isData } = demand;
    if (this.services.directory.isAllowed(objectId, action, account.body.id, isData))
      return undefined;
    return [
      403,
      "AuthorizationPermissionMismatch",
      "This request is not authorized to perform this operation using this permission.",
    ];
  }

  private challenge(response: ServerResponse): void {
    const authority = `${this.services.baseUrl}/${this.services.options.tenantId}/oauth2/authorize`;
    refuse(
      response,
      401,
      "NoAuthenticationInformation",
      "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.",
      {
        "www-authenticate": `Bearer authorization_uri=${authority} resource_id=https://storage.azure.com`,
      },
    );
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
  status: number,
  code: string,
  message: string,
  headers: Record<string, string> = {},
): void {
  send(response, {
    status,
    headers: { ...headers, "x-ms-error-code": code, "content-type": "application/xml" },
    text: `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
  });
}
