import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import * as https from "node:https";
import * as os from "node:os";
import * as path from "node:path";
import { parseResourcePath } from "../../../sandbox/azure/arm/resourceId";
import type { AzureSettings } from "../../../sandbox/azure/settings";
import { definitionOfType } from "../../../sandbox/azure/schema/definitions";
import versions from "../../../sandbox/versions.json";
import { freePorts, makeCertificates, makeClusterCommand } from "./machine";
import { stringOf, type JsonObject } from "../../../sandbox/json";

// A busy machine starts servers slowly, and that is no fault of theirs.
jest.setTimeout(30_000);

export const TENANT = "11111111-1111-1111-1111-111111111111";
export const SUBSCRIPTION = "/subscriptions/22222222-2222-2222-2222-222222222222";
export const GROUP = `${SUBSCRIPTION}/resourceGroups/rg`;

/** Principals that exist from the start; `stranger` has no role at all. */
export const PRINCIPALS = {
  owner: guid("a"),
  contributor: guid("b"),
  reader: guid("c"),
  stranger: guid("d"),
} as const;
export type PrincipalName = keyof typeof PRINCIPALS;

const ROLES: Readonly<Record<PrincipalName, string | undefined>> = {
  owner: "Owner",
  contributor: "Contributor",
  reader: "Reader",
  stranger: undefined,
};

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: JsonObject;
  /** `error.code` of an ARM error. */
  readonly code: string | undefined;
  readonly message: string | undefined;
}

interface RequestOptions {
  readonly as?: PrincipalName;
  /** Undefined: the version that the SDK uses for the type. Empty: none. */
  readonly version?: string;
}

function guid(letter: string): string {
  return [8, 4, 4, 4, 12].map((length) => letter.repeat(length)).join("-");
}

const ROOT = path.resolve(__dirname, "../../..");

/** An emulator on a state folder of its own, as the process that the sandbox runs. */
export class TestEmulator {
  private process: ChildProcess | undefined;
  private readonly tokens = new Map<string, string>();

  private constructor(
    readonly folder: string,
    readonly options: AzureSettings,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  /** @param env variables of the emulator beside those of the tests. */
  static async start(env: Readonly<Record<string, string>> = {}): Promise<TestEmulator> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "azure-test-"));
    const emulator = new TestEmulator(folder, await makeOptions(folder), env);
    await emulator.restart();
    return emulator;
  }

  get baseUrl(): string {
    return `https://127.0.0.1:${this.options.port}`;
  }

  get authority(): string {
    return fs.readFileSync(this.options.tls.ca, "utf8");
  }

  async restart(): Promise<void> {
    await this.stop();
    const file = path.join(this.folder, "azure.json");
    fs.writeFileSync(file, JSON.stringify(this.options));
    const args = ["-r", "sucrase/register", path.join(ROOT, "sandbox/azure/main.ts"), file];
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { ...process.env, ...this.env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.process = child;
    await new Promise<void>((resolve, reject) => {
      child.stdout.on("data", (data: Buffer) => {
        if (data.toString().includes("serving on")) resolve();
      });
      child.once("exit", (code) => reject(new Error(`the emulator ended with ${code}`)));
    });
  }

  /** Ends the emulator, by default in good order; its state stays. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.process;
    this.process = undefined;
    if (!child || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  async dispose(): Promise<void> {
    await this.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  get = (id: string, options?: RequestOptions) => this.arm("GET", id, undefined, options);
  put = (id: string, body: JsonObject, options?: RequestOptions) =>
    this.arm("PUT", id, body, options);
  delete = (id: string, options?: RequestOptions) => this.arm("DELETE", id, undefined, options);

  /** PUT that must succeed, with whatever takes time finished. */
  async create(id: string, body: JsonObject): Promise<JsonObject> {
    const answer = await this.put(id, body);
    if (answer.status >= 300) throw new Error(`PUT ${id}: ${answer.code} ${answer.message}`);
    const status = await this.finish(answer);
    if (status !== "Succeeded") throw new Error(`PUT ${id} ended ${status}`);
    return (await this.get(id)).body;
  }

  /** DELETE and the end of what it takes. */
  async remove(id: string): Promise<string> {
    return this.finish(await this.delete(id));
  }

  /** Polls a long-running operation to its end and answers its status. */
  async finish({ headers, status }: Answer): Promise<string> {
    return stringOf((await this.operation({ headers, status })).status ?? "Succeeded");
  }

  async operation({ headers }: Pick<Answer, "headers" | "status">): Promise<JsonObject> {
    const url = headers["azure-asyncoperation"];
    if (typeof url !== "string") return {};
    for (;;) {
      const { body } = await this.arm("GET", url.slice(this.baseUrl.length).split("?")[0] ?? "");
      if (body.status !== "InProgress") return body;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async arm(
    method: string,
    id: string,
    body?: JsonObject,
    { as = "owner", version }: RequestOptions = {},
  ): Promise<Answer> {
    const token = await this.token(as);
    const query =
      (version ?? versionOf(method, id)) ? `?api-version=${version ?? versionOf(method, id)}` : "";
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return this.send(method, `${this.baseUrl}${id}${id.includes("?") ? "" : query}`, headers, body);
  }

  async token(as: PrincipalName, audience = "https://management.azure.com"): Promise<string> {
    const key = `${as} ${audience}`;
    const known = this.tokens.get(key);
    if (known) return known;
    const form = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: PRINCIPALS[as],
      client_secret: `${as}-secret`,
      scope: `${audience}/.default`,
    });
    const url = `${this.baseUrl}/${TENANT}/oauth2/v2.0/token`;
    const { body } = await this.send("POST", url, {}, form.toString());
    const token = stringOf(body.access_token);
    this.tokens.set(key, token);
    return token;
  }

  send(
    method: string,
    url: string,
    headers: Record<string, string>,
    body?: JsonObject | string | Buffer,
  ): Promise<Answer> {
    const isRaw = body === undefined || typeof body === "string" || Buffer.isBuffer(body);
    const content = isRaw ? body : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const request = https.request(url, { method, headers, ca: this.authority }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          const text = Buffer.concat(chunks).toString("utf8");
          resolve(answerOf(response.statusCode ?? 0, response.headers, text));
        });
      });
      request.once("error", reject);
      request.end(content);
    });
  }
}

function answerOf(status: number, headers: IncomingHttpHeaders, text: string): Answer {
  const isJson = String(headers["content-type"]).includes("json");
  const body = isJson && text ? (JSON.parse(text) as JsonObject) : {};
  const error = body.error as { code?: string; message?: string } | undefined;
  const code = error?.code ?? (headers["x-ms-error-code"] as string | undefined);
  return { status, headers, body, code, message: error?.message ?? text };
}

/** POST actions have the version of the type that they belong to. */
function versionOf(method: string, id: string): string {
  const path = parseResourcePath(method === "POST" ? id.replace(/\/[^/]+$/, "") : id);
  return (path && definitionOfType(path.type)?.apiVersion) ?? "";
}

async function makeOptions(folder: string): Promise<AzureSettings> {
  const [port = 0, ...ports] = await freePorts(3);
  return {
    port,
    tls: makeCertificates(path.join(folder, "pki")),
    stateDir: path.join(folder, "azure"),
    sandboxDir: folder,
    tenantId: TENANT,
    subscriptionId: SUBSCRIPTION.split("/").pop() ?? "",
    principals: Object.entries(PRINCIPALS).map(([name, id]) => {
      const role = ROLES[name as PrincipalName];
      const roles = role ? [{ role, scope: SUBSCRIPTION }] : [];
      return { name, clientId: id, objectId: id, clientSecret: `${name}-secret`, roles };
    }),
    registry: { binary: "docker-registry", ports },
    registryHostsDir: path.join(folder, "certs.d"),
    cluster: {
      command: [process.execPath, makeClusterCommand(folder)],
      kubernetesVersions: [versions.kubernetes],
    },
    anonymousPull: false,
  };
}
