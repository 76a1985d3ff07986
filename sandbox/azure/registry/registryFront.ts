import type { IncomingMessage, ServerResponse } from "node:http";
import type { Resource } from "../arm/store";
import type { AzureContext } from "../context";
import { bearerToken, HttpError, send, urlOf } from "../http";
import type { Reply } from "../http";
import { forward } from "../reverseProxy";
import { covers, demandOf, scopeOf } from "./access";
import type { Access } from "./access";
import { AcrCatalog } from "./acrCatalog";
import { failure } from "./failure";
import { RegistryTokens } from "./registryTokens";
import type { RunningRegistry } from "./runningRegistry";

/** The TLS endpoint of one registry: tokens, Azure's own API, and `/v2/` for whoever may. */
export class RegistryFront {
  private readonly tokens: RegistryTokens;
  private readonly catalog: AcrCatalog;

  constructor(
    private readonly registry: RunningRegistry,
    private readonly context: AzureContext,
  ) {
    this.tokens = new RegistryTokens(registry.loginServer, context);
    this.catalog = new AcrCatalog(registry);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.dispatch(request, response);
    } catch (error) {
      if (error instanceof HttpError) {
        return send(response, failure(error.status, error.code, error.message));
      }
      const message = error instanceof Error ? error.message : String(error);
      send(response, failure(500, "UNKNOWN", message));
    }
  }

  private async dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = urlOf(request, `https://${this.registry.loginServer}`);
    const resource = this.resource();
    if (!resource) return send(response, failure(404, "NAME_UNKNOWN", "The registry is gone."));
    if (url.pathname === "/oauth2/exchange") {
      return send(response, await this.tokens.exchange(request));
    }
    if (url.pathname === "/oauth2/token") {
      return send(response, await this.tokens.token(request, url, resource));
    }
    const method = request.method ?? "GET";
    // Azure's SDK writes a repository's slashes as %2F.
    const pathname = decodeURIComponent(url.pathname);
    const demand = demandOf(method, pathname);
    if (!demand && url.pathname !== "/v2/") {
      return send(response, failure(404, "UNSUPPORTED", `${method} ${url.pathname}`));
    }
    const refusal = await this.refusal(request, demand, resource);
    if (refusal) return send(response, refusal);
    if (url.pathname.startsWith("/acr/")) {
      return send(response, this.catalog.answer(method, pathname, url.searchParams));
    }
    await this.pass(request, response, url);
  }

  private resource(): Resource | undefined {
    return this.context.resources
      .all()
      .find(({ body }) => body.properties.loginServer === this.registry.loginServer);
  }

  /** The answer that refuses a request; undefined when it may pass. */
  private async refusal(
    request: IncomingMessage,
    demand: Access | undefined,
    { body }: Resource,
  ): Promise<Reply | undefined> {
    const isOpen = this.context.settings.anonymousPull || body.properties.anonymousPullEnabled;
    const isPull = demand?.actions.every((action) => action === "pull") ?? true;
    if (isOpen && isPull && demand) return undefined;
    const token = bearerToken(request);
    const held = token === undefined ? undefined : await this.tokens.accessOf(token);
    if (held && (!demand || covers(held, demand))) return undefined;
    return this.challenge(demand, held !== undefined);
  }

  private challenge(demand: Access | undefined, isInsufficient: boolean): Reply {
    const { loginServer } = this.registry;
    const scope = demand ? `,scope="${scopeOf(demand)}"` : "";
    const error = isInsufficient ? `,error="insufficient_scope"` : "";
    const challenge = `Bearer realm="https://${loginServer}/oauth2/token",service="${loginServer}"${scope}${error}`;
    const headers = {
      "www-authenticate": challenge,
      "docker-distribution-api-version": "registry/2.0",
    };
    const message =
      "authentication required, visit https://aka.ms/acr/authorization for more information.";
    const detail = demand ? [demand] : undefined;
    const errors = [{ code: "UNAUTHORIZED", message, detail }];
    return { status: 401, headers, json: { errors } };
  }

  private async pass(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const from = url.searchParams.get("from");
    // A mount reads from another repository; without the right to pull it, upload instead.
    if (from && !(await this.mayMount(request, from))) {
      url.searchParams.delete("from");
      url.searchParams.delete("mount");
    }
    const deleted = request.method === "DELETE" ? decodeURIComponent(url.pathname) : undefined;
    forward(request, response, {
      upstream: { socketPath: this.registry.socketPath },
      path: `${url.pathname}${url.search}`,
      drop: ["authorization"],
      done: (status) => {
        if (deleted && status === 202) this.catalog.dropEmptyRepository(deleted);
      },
    });
  }

  private async mayMount(request: IncomingMessage, from: string): Promise<boolean> {
    const held = await this.tokens.accessOf(bearerToken(request) ?? "");
    return covers(held ?? [], { type: "repository", name: from, actions: ["pull"] });
  }
}
