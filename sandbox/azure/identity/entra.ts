import type { IncomingMessage } from "node:http";
import type { AzureContext } from "../context";
import { readBody } from "../http";
import type { Reply } from "../http";
import type { Principal } from "./directory";

const LIFETIME_SECONDS = 3600;
const ARM_AUDIENCE = "https://management.azure.com";

/** Audiences under which Azure Resource Manager takes a token. */
export const armAudiences = (baseUrl: string): string[] => [
  ARM_AUDIENCE,
  "https://management.core.windows.net",
  baseUrl,
];

/** The cloud's description that clients read to find everything else. */
export function cloudMetadata({ baseUrl, settings }: AzureContext): object {
  return {
    name: "AzureCloud",
    portal: "https://portal.azure.com",
    authentication: {
      loginEndpoint: baseUrl,
      audiences: ["https://management.core.windows.net/", `${ARM_AUDIENCE}/`],
      tenant: settings.tenantId,
      identityProvider: "AAD",
    },
    media: "https://rest.media.azure.net",
    graphAudience: "https://graph.windows.net/",
    graph: "https://graph.windows.net/",
    microsoftGraphResourceId: "https://graph.microsoft.com/",
    resourceManager: baseUrl,
    batch: "https://batch.core.windows.net/",
    gallery: "https://gallery.azure.com/",
    suffixes: {
      acrLoginServer: "azurecr.io",
      keyVaultDns: "vault.azure.net",
      storage: "core.windows.net",
    },
  };
}

/** Microsoft Entra ID, as far as clients with a secret and managed identities need it. */
export class Entra {
  constructor(private readonly context: AzureContext) {}

  /** Answers what lies below `/{tenant}/`; undefined when the path is none of its own. */
  async answer(request: IncomingMessage, url: URL): Promise<Reply | undefined> {
    const [, tenant = "", ...rest] = url.pathname.split("/");
    if (tenant.toLowerCase() !== this.context.settings.tenantId.toLowerCase()) return undefined;
    const path = rest.join("/");
    if (/^(v2\.0\/)?\.well-known\/openid-configuration$/.test(path)) {
      return { status: 200, json: this.configuration() };
    }
    if (/^discovery(\/v2\.0)?\/keys$/.test(path)) {
      return { status: 200, json: this.context.tokens.keySet };
    }
    if (request.method === "POST" && /^oauth2\/v2\.0\/token$/.test(path)) {
      return this.token(request);
    }
    return undefined;
  }

  /** The instance metadata service, for identities that exist in ARM. */
  async managedIdentityToken(request: IncomingMessage, url: URL): Promise<Reply> {
    if (request.headers.metadata !== "true") {
      return oauthError(400, "bad_request_102", "Required metadata header not specified");
    }
    const resource = url.searchParams.get("resource");
    const clientId = url.searchParams.get("client_id");
    if (!resource) return oauthError(400, "invalid_request", "resource is missing");
    const identity = clientId && this.context.directory.managedIdentity(clientId);
    if (!identity) return oauthError(400, "invalid_request", "Identity not found");
    return { status: 200, json: await this.grant(identity, resource) };
  }

  private async token(request: IncomingMessage): Promise<Reply> {
    const form = new URLSearchParams(await readBody(request));
    const clientId = form.get("client_id") ?? "";
    const secret = form.get("client_secret") ?? "";
    const grantType = form.get("grant_type");
    if (grantType !== "client_credentials") {
      return oauthError(
        400,
        "unsupported_grant_type",
        `AADSTS70003: The app requested an unsupported grant type '${grantType}'.`,
      );
    }
    const audience = audienceOf(form);
    if (!audience) {
      return oauthError(
        400,
        "invalid_scope",
        "AADSTS70011: the scope is missing or has another form than RESOURCE/.default.",
      );
    }
    const principal = this.context.directory.authenticate(clientId, secret);
    if (!principal) {
      return oauthError(
        401,
        "invalid_client",
        `AADSTS7000215: Invalid client secret provided, or no application '${clientId}' in the tenant.`,
      );
    }
    return { status: 200, json: await this.grant(principal, audience) };
  }

  private async grant({ objectId, clientId }: Principal, audience: string): Promise<object> {
    const lifetime = this.context.faults.tokenLifetime(LIFETIME_SECONDS);
    const claims = {
      oid: objectId,
      sub: objectId,
      appid: clientId,
      tid: this.tenant,
      idtyp: "app",
    };
    return {
      token_type: "Bearer",
      access_token: await this.context.tokens.sign(claims, audience, lifetime),
      expires_in: lifetime,
      ext_expires_in: lifetime,
      expires_on: String(Math.floor(Date.now() / 1000) + lifetime),
      resource: audience,
    };
  }

  private get tenant(): string {
    return this.context.settings.tenantId;
  }

  private configuration(): object {
    const base = `${this.context.baseUrl}/${this.tenant}`;
    return {
      issuer: `${base}/v2.0`,
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      response_types_supported: ["code", "id_token"],
      subject_types_supported: ["pairwise"],
      id_token_signing_alg_values_supported: ["RS256"],
      token_endpoint_auth_methods_supported: ["client_secret_post"],
    };
  }
}

/** A token is asked for by the scope `RESOURCE/.default`. */
function audienceOf(form: URLSearchParams): string | undefined {
  const scopes = form.get("scope")?.split(" ") ?? [];
  return scopes.find((scope) => scope.endsWith("/.default"))?.replace(/\/\.default$/, "");
}

function oauthError(status: number, error: string, description: string): Reply {
  return { status, json: { error, error_description: description } };
}
