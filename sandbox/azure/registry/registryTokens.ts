import type { IncomingMessage } from "node:http";
import type { JWTPayload } from "jose";
import type { Resource } from "../arm/store";
import type { AzureContext } from "../context";
import { basicCredentials, readBody } from "../http";
import type { Reply } from "../http";
import { allowedAccess, parseScopes } from "./access";
import type { Access } from "./access";
import { TOKEN_USER } from "./tokenUser";

const ENTRA_AUDIENCES = [
  "https://containerregistry.azure.net",
  "https://management.azure.com",
  "https://management.core.windows.net",
];
const REFRESH_SECONDS = 3 * 3600;
const ACCESS_SECONDS = 75 * 60;

/** Who asks for a token: a principal of the directory, or the registry's admin user. */
interface Claimant {
  readonly objectId: string;
  readonly isAdmin: boolean;
}

/** The registry's own token service: an Entra token becomes a refresh token, that an access token. */
export class RegistryTokens {
  constructor(
    private readonly loginServer: string,
    private readonly context: AzureContext,
  ) {}

  /** `POST /oauth2/exchange` */
  async exchange(request: IncomingMessage): Promise<Reply> {
    const form = new URLSearchParams(await readBody(request));
    const grantType = form.get("grant_type") ?? "";
    if (!grantType.includes("access_token")) {
      return refused(400, `grant_type '${grantType}' is not supported`);
    }
    const audiences = [...ENTRA_AUDIENCES, this.context.baseUrl];
    const claims = await this.claims(form.get("access_token") ?? "", audiences);
    if (!claims) return refused(401, "the access token is not valid for this registry");
    return { status: 200, json: { refresh_token: await this.refreshToken(String(claims.oid)) } };
  }

  /** `GET` and `POST /oauth2/token` */
  async token(request: IncomingMessage, url: URL, registry: Resource): Promise<Reply> {
    const form =
      request.method === "POST" ? new URLSearchParams(await readBody(request)) : url.searchParams;
    const claimant =
      request.method === "POST"
        ? await this.claimantOfForm(form, registry)
        : await this.claimantOfHeader(request, registry);
    if (!claimant) return refused(401, "authentication required");
    const asked = parseScopes(form.getAll("scope"));
    const access = claimant.isAdmin
      ? asked
      : allowedAccess(asked, claimant.objectId, registry, this.context);
    // Like Azure: who gets nothing of what was asked for is told so here, not at the next request.
    if (asked.length > 0 && access.every(({ actions }) => actions.length === 0)) {
      return refused(401, "authentication required", asked);
    }
    const token = await this.context.tokens.sign(
      { oid: claimant.objectId, grant_type: "access", access },
      this.loginServer,
      ACCESS_SECONDS,
    );
    return { status: 200, json: { access_token: token, token, expires_in: ACCESS_SECONDS } };
  }

  /** Access of a bearer token; undefined when the token is not an access token of this registry. */
  async accessOf(token: string): Promise<Access[] | undefined> {
    const claims = await this.claims(token, [this.loginServer]);
    return claims?.grant_type === "access" ? (claims.access as Access[]) : undefined;
  }

  private async claimantOfForm(
    form: URLSearchParams,
    registry: Resource,
  ): Promise<Claimant | undefined> {
    if (form.get("grant_type") === "refresh_token") {
      return this.claimantOfRefreshToken(form.get("refresh_token") ?? "");
    }
    if (form.get("grant_type") === "password") {
      return this.claimantOf(form.get("username") ?? "", form.get("password") ?? "", registry);
    }
    return undefined;
  }

  private async claimantOfHeader(
    request: IncomingMessage,
    registry: Resource,
  ): Promise<Claimant | undefined> {
    const credentials = basicCredentials(request);
    return credentials && this.claimantOf(credentials.user, credentials.password, registry);
  }

  private async claimantOf(
    user: string,
    password: string,
    { body, internal }: Resource,
  ): Promise<Claimant | undefined> {
    if (user === TOKEN_USER) return this.claimantOfRefreshToken(password);
    if (user === body.name) {
      const isAdmin =
        body.properties.adminUserEnabled === true &&
        (internal.passwords as string[]).includes(password);
      return isAdmin ? { objectId: body.name, isAdmin } : undefined;
    }
    const principal = this.context.directory.authenticate(user, password);
    return principal && { objectId: principal.objectId, isAdmin: false };
  }

  private async claimantOfRefreshToken(token: string): Promise<Claimant | undefined> {
    const claims = await this.claims(token, [this.loginServer]);
    return claims?.grant_type === "refresh_token"
      ? { objectId: String(claims.oid), isAdmin: false }
      : undefined;
  }

  private refreshToken(objectId: string): Promise<string> {
    const claims = { oid: objectId, grant_type: "refresh_token" };
    return this.context.tokens.sign(claims, this.loginServer, REFRESH_SECONDS);
  }

  private async claims(
    token: string,
    audiences: readonly string[],
  ): Promise<JWTPayload | undefined> {
    // Whatever is wrong with a token, it is not accepted.
    return this.context.tokens.verify(token, audiences).catch(() => undefined);
  }
}

function refused(status: number, message: string, detail?: readonly Access[]): Reply {
  return { status, json: { errors: [{ code: "UNAUTHORIZED", message, detail }] } };
}
