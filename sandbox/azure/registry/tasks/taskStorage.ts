import { randomBytes, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { BlobSASPermissions, type BlobClient } from "@azure/storage-blob";
import type { BlobAccounts } from "../../blob/blobAccounts";
import { send } from "../../http";
import { forward } from "../../reverseProxy";
import { TaskLog } from "./taskLog";

/** No storage account of ARM can have this name: it has a hyphen. */
const ACCOUNT = "acr-tasks";
const CONTAINER = "runs";
const HOUR_MS = 3_600_000;

/** Where a client may put what a run shall build. */
export interface UploadTarget {
  readonly uploadUrl: string;
  readonly relativePath: string;
}

/** The storage of Azure's own in which contexts and logs of runs lie, opened by signed addresses alone. */
export class TaskStorage {
  private ready: Promise<void> | undefined;

  constructor(
    private readonly baseUrl: string,
    private readonly blobs: BlobAccounts,
  ) {}

  /** Whether a request is for this storage. */
  owns(pathname: string): boolean {
    return pathname.startsWith(`/${ACCOUNT}/`);
  }

  /** Passes a request on; the storage itself checks its signature. */
  pass(request: IncomingMessage, response: ServerResponse): void {
    const running = this.blobs.get(ACCOUNT);
    if (!running) return send(response, { status: 503, text: "The storage is not running." });
    const upstream = { host: "127.0.0.1", port: running.port };
    forward(request, response, { upstream, path: request.url ?? "/", drop: ["authorization"] });
  }

  async uploadTarget(): Promise<UploadTarget> {
    await this.start();
    const relativePath = `source/${randomUUID()}.tar.gz`;
    return { uploadUrl: await this.signed(relativePath, "cw"), relativePath };
  }

  /** Whether something was uploaded there. */
  async has(relativePath: string): Promise<boolean> {
    await this.start();
    return this.blob(relativePath).exists();
  }

  async download(relativePath: string, file: string): Promise<void> {
    await this.blob(relativePath).downloadToFile(file);
    await this.blob(relativePath).deleteIfExists();
  }

  /** Begins the log of a run. */
  async openLog(name: string): Promise<TaskLog> {
    await this.start();
    const blob = this.container().getAppendBlobClient(logPath(name));
    await blob.create();
    return new TaskLog(blob);
  }

  logUrl(name: string): Promise<string> {
    return this.signed(logPath(name), "r");
  }

  /** Started on first use: most sandboxes run no task. */
  private start(): Promise<void> {
    this.ready ??= this.blobs
      .start(ACCOUNT, [randomBytes(64).toString("base64")])
      .then(() => this.blobs.createContainer(ACCOUNT, CONTAINER));
    return this.ready;
  }

  private async signed(path: string, permissions: string): Promise<string> {
    await this.start();
    const url = await this.blob(path).generateSasUrl({
      permissions: BlobSASPermissions.parse(permissions),
      expiresOn: new Date(Date.now() + HOUR_MS),
    });
    const { pathname, search } = new URL(url);
    return `${this.baseUrl}${pathname}${search}`;
  }

  private blob(path: string): BlobClient {
    return this.container().getBlobClient(path);
  }

  private container() {
    const running = this.blobs.get(ACCOUNT);
    if (!running) throw new Error("the storage of the registries' tasks is not running");
    return running.client.getContainerClient(CONTAINER);
  }
}

function logPath(name: string): string {
  return `logs/${name}/rawtext.log`;
}
