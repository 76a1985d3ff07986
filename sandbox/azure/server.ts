import fs from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { ArmError, unauthenticated } from "./arm/errors";
import type { Services } from "./arm/handler";
import { Operations } from "./arm/operations";
import { Pipeline } from "./arm/pipeline";
import type { Resource } from "./arm/store";
import { Store } from "./arm/store";
import { BlobAccounts } from "./blob/blobAccounts";
import { BlobFront } from "./blob/blobFront";
import { ChildProcesses } from "./childProcesses";
import type { Reply } from "./http";
import { bearerToken, readBody, send } from "./http";
import { Directory } from "./identity/directory";
import type { Principal } from "./identity/directory";
import { armAudiences, cloudMetadata, Entra } from "./identity/entra";
import { reviewToken } from "./identity/tokenReview";
import { TokenService } from "./identity/tokens";
import type { EmulatorOptions } from "./options";
import { ClusterControl } from "./cluster/clusterControl";
import { Registries } from "./registry/registries";

const ISSUER = "https://sts.windows.net/";

export interface RunningEmulator {
  readonly baseUrl: string;
  /** Stops listening and ends every Azurite and registry; state stays. */
  stop(): Promise<void>;
}

/**
 * Starts the emulator on its state folder.
 * @throws when the port is taken or an Azurite or registry of the state does not start
 */
export async function startEmulator(
  options: EmulatorOptions,
  log: (message: string) => void,
): Promise<RunningEmulator> {
  fs.mkdirSync(options.stateDir, { recursive: true, mode: 0o700 });
  const children = new ChildProcesses(options.stateDir, path.join(options.sandboxDir, "logs"), log);
  await children.endLeftovers();
  const server = https.createServer({
    cert: fs.readFileSync(options.tls.cert),
    key: fs.readFileSync(options.tls.key),
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(options.port, "127.0.0.1", resolve);
  });
  const baseUrl = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const services = await openServices(options, baseUrl, children);
  await restartServers(services);
  const operations = new Operations(options.stateDir, log);
  const front = new Front(services, new Pipeline(services, operations), log);
  server.on("request", (request, response) => void front.handle(request, response));
  return { baseUrl, stop: () => stop(server, services, children) };
}

async function openServices(
  options: EmulatorOptions,
  baseUrl: string,
  children: ChildProcesses,
): Promise<Services> {
  const resources = new Store<Resource>(options.stateDir, "resources");
  return {
    options,
    baseUrl,
    resources,
    deleted: new Store<Resource>(options.stateDir, "deleted"),
    directory: new Directory(options, resources),
    tokens: await TokenService.open(options.stateDir, `${ISSUER}${options.tenantId}/`),
    blobs: new BlobAccounts(options.stateDir, children),
    registries: new Registries(options, children),
    cluster: new ClusterControl(options),
  };
}

/** Brings back the servers of accounts and registries that exist. */
async function restartServers(services: Services): Promise<void> {
  for (const { body, internal } of services.resources.all()) {
    if (body.type === "Microsoft.Storage/storageAccounts")
      await services.blobs.start(body.name, internal.keys as string[]);
    if (body.type === "Microsoft.ContainerRegistry/registries")
      await services.registries.start(body.name, Number(internal.port), services);
  }
}

async function stop(
  server: https.Server,
  services: Services,
  children: ChildProcesses,
): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
  await services.registries.stopAll();
  await children.stopAll();
}

/** The emulator's one port: who a request is for, in order. */
class Front {
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
      const url = new URL(request.url ?? "/", this.services.baseUrl);
      const account = this.blobs.accountOf(url.pathname);
      if (account) await this.blobs.handle(account, request, response);
      else send(response, await this.answer(request, url));
    } catch (error) {
      const fault = error instanceof ArmError ? error : this.internal(error);
      if (fault.status === 401) response.setHeader("www-authenticate", this.challenge());
      response.setHeader("x-ms-failure-cause", "gateway");
      send(response, { status: fault.status, json: fault.body });
    }
  }

  private async answer(request: IncomingMessage, url: URL): Promise<Reply> {
    const { pathname } = url;
    if (pathname === "/healthz") return { status: 200, text: "ok" };
    if (pathname === "/metadata/endpoints")
      return { status: 200, json: metadataDocument(url, this.services) };
    if (pathname === "/metadata/identity/oauth2/token")
      return this.entra.managedIdentityToken(request, url);
    if (pathname === "/tokenreview") return reviewToken(request, this.services);
    const entra = await this.entra.answer(request, url);
    if (entra) return entra;
    return this.arm(request, url);
  }

  private async arm(request: IncomingMessage, url: URL): Promise<Reply> {
    const caller = await this.authenticate(request);
    const method = request.method ?? "GET";
    const body = await readBody(request);
    const pathname = decodeURI(url.pathname).replace(/\/+$/, "");
    const reply = this.pipeline.handle({
      method,
      pathname,
      query: url.searchParams,
      body,
      caller,
    });
    if (method !== "GET") this.log(`${method} ${pathname} ${reply.status}`);
    return reply;
  }

  private async authenticate(request: IncomingMessage): Promise<Principal> {
    const token = bearerToken(request);
    if (!token)
      throw unauthenticated("Authentication failed. The 'Authorization' header is missing.");
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
    const { baseUrl, options } = this.services;
    return `Bearer authorization_uri="${baseUrl}/${options.tenantId}", error="invalid_token", error_description="Could not verify the access token."`;
  }

  private internal(error: unknown): ArmError {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.log(`internal error: ${message}`);
    return new ArmError(500, "InternalServerError", "The emulator failed; its log says why.");
  }
}

/** Since 2019-05-01 the document is a list of clouds, since 2022-09-01 one cloud again. */
function metadataDocument(url: URL, services: Services): object {
  const version = url.searchParams.get("api-version") ?? "";
  const cloud = cloudMetadata(services);
  return version >= "2019-05-01" && version < "2022-09-01" ? [cloud] : cloud;
}
