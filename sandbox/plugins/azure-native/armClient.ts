import { decodeJwt } from "jose";
import { asObject, stringOf, type JsonObject } from "../../json";
import { errorOf, isBusy } from "./armError";
import { OperationFailed } from "./operationFailed";
import { poll, type Waiting } from "./poll";
import { withRetries } from "./retry";
import type { Settings } from "./settings";
import { signInError } from "./signInError";

interface CloudMetadata {
  readonly resourceManager: string;
  readonly authentication: { readonly loginEndpoint: string; readonly audiences: string[] };
}

interface CachedToken {
  readonly value: string;
  readonly expiresAt: number;
}

interface ArmResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: JsonObject;
}

const METADATA_VERSION = "2022-09-01";
/** Seconds for which the real plugin goes on while Azure answers `AnotherOperationInProgress`. */
const BUSY_TIMEOUT = 20 + 60 + 120;
const EXPIRY_MARGIN_MS = 5 * 60_000;

/** Requests to Azure Resource Manager, found and entered the way the real plugin does it. */
export class ArmClient {
  private cloud: Promise<CloudMetadata> | undefined;
  private readonly tokens = new Map<string, CachedToken>();

  constructor(readonly settings: Settings) {}

  /** A resource's body; rejects with a 404 {@link ArmRequestError} when it does not exist. */
  async get(path: string, apiVersion: string): Promise<JsonObject> {
    return (await this.send("GET", path, { "api-version": apiVersion })).body;
  }

  /** Creates or updates, and waits until Azure has finished. */
  async put(path: string, apiVersion: string, body: JsonObject, waiting: Waiting): Promise<void> {
    const query = { "api-version": apiVersion };
    const response = await this.patiently(() => this.send("PUT", path, query, body), waiting);
    await this.finish(response, waiting, "PUT");
  }

  /** Deletes and waits; a resource that is gone already is deleted. */
  async delete(path: string, apiVersion: string, waiting: Waiting): Promise<void> {
    const query = { "api-version": apiVersion };
    const response = await this.patiently(() => this.send("DELETE", path, query), waiting);
    await this.finish(response, waiting, "DELETE");
  }

  async post(path: string, query: Record<string, string>): Promise<JsonObject> {
    return (await this.send("POST", path, query)).body;
  }

  /** An access token for a resource, by default for Azure Resource Manager. */
  async token(resource?: string): Promise<string> {
    const cloud = await this.metadata();
    const audience = (resource ?? cloud.authentication.audiences[0] ?? "").replace(/\/+$/, "");
    const cached = this.tokens.get(audience);
    if (cached && cached.expiresAt > Date.now() + EXPIRY_MARGIN_MS) return cached.value;
    const { clientId, clientSecret, tenantId } = this.settings;
    const url = `${cloud.authentication.loginEndpoint}/${tenantId}/oauth2/v2.0/token`;
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
      scope: `${audience}/.default`,
    });
    const response = await withRetries(() => reach(url, { method: "POST", body: form }));
    const text = await response.text();
    if (!response.ok) throw signInError(url, response.status, text);
    const granted = JSON.parse(text) as { access_token: string; expires_in: number };
    const expiresAt = Date.now() + granted.expires_in * 1000;
    this.tokens.set(audience, { value: granted.access_token, expiresAt });
    return granted.access_token;
  }

  /** Object id of the principal that signs in. */
  async objectId(): Promise<string> {
    return String(decodeJwt(await this.token()).oid);
  }

  private metadata(): Promise<CloudMetadata> {
    this.cloud ??= this.readMetadata().catch((error: unknown) => {
      this.cloud = undefined;
      throw error;
    });
    return this.cloud;
  }

  private async readMetadata(): Promise<CloudMetadata> {
    const { metadataHost } = this.settings;
    const url = `https://${metadataHost}/metadata/endpoints?api-version=${METADATA_VERSION}`;
    const response = await reach(url, {});
    if (!response.ok) throw errorOf(response.status, await response.text());
    return (await response.json()) as CloudMetadata;
  }

  private async send(
    method: string,
    path: string,
    query: Record<string, string>,
    body?: JsonObject,
  ): Promise<ArmResponse> {
    const { resourceManager } = await this.metadata();
    const base = resourceManager.replace(/\/+$/, "");
    return this.call(method, `${base}${path}?${new URLSearchParams(query).toString()}`, body);
  }

  private async call(method: string, url: string, body?: JsonObject): Promise<ArmResponse> {
    const response = await withRetries(async () =>
      reach(url, {
        method,
        headers: {
          authorization: `Bearer ${await this.token()}`,
          "content-type": "application/json",
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      }),
    );
    const text = await response.text();
    if (!response.ok) throw errorOf(response.status, text);
    const parsed = text === "" ? {} : (JSON.parse(text) as JsonObject);
    return { status: response.status, headers: response.headers, body: parsed };
  }

  /** Repeats a request while another operation on the resource is in progress. */
  private patiently(request: () => Promise<ArmResponse>, waiting: Waiting): Promise<ArmResponse> {
    const limited = { ...waiting, timeout: Math.min(waiting.timeout, BUSY_TIMEOUT) };
    return poll(limited, "another operation on the resource", async () => {
      try {
        return await request();
      } catch (error) {
        if (isBusy(error)) return undefined;
        throw error;
      }
    });
  }

  private async finish(response: ArmResponse, waiting: Waiting, method: string): Promise<void> {
    const status = response.headers.get("azure-asyncoperation");
    if (!status) return;
    await poll(waiting, method === "PUT" ? "Azure to finish" : "the deletion", async () => {
      const { body } = await this.call("GET", status);
      if (body.status === "Succeeded") return true;
      if (body.status === "InProgress") return undefined;
      const error = asObject(body.error);
      throw new OperationFailed(stringOf(error?.code), stringOf(error?.message));
    });
  }
}

/** fetch() with the cause of a failure in its message, which is only "fetch failed" otherwise. */
async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const { origin } = new URL(url);
    const message = `${origin} cannot be reached: ${String(cause)}. Is the sandbox running?`;
    throw new Error(message, { cause: error });
  }
}
