import { asObject, stringOf, type JsonObject } from "../../../json";
import { badRequest, conflict, notFound } from "../../arm/errors";
import { Store, type Resource } from "../../arm/store";
import type { BlobAccounts } from "../../blob/blobAccounts";
import type { AzureContext } from "../../context";
import type { Principal } from "../../identity/directory";
import { buildAndPush } from "./dockerBuild";
import type { BuildRequest } from "./runRequest";
import type { Completion, TaskLog } from "./taskLog";
import { TaskStorage } from "./taskStorage";

const REFRESH_SECONDS = 3 * 3600;

type Status = "Queued" | "Running" | "Succeeded" | "Failed" | "Canceled" | "Error" | "Timeout";

/** A run as it is kept. */
interface TaskRun {
  readonly id: string;
  readonly runId: string;
  status: Status;
  readonly createTime: string;
  startTime?: string;
  finishTime?: string;
  runErrorMessage?: string;
}

const COMPLETIONS: Readonly<Partial<Record<Status, Completion>>> = {
  Succeeded: "successful",
  Failed: "failed",
  Canceled: "canceled",
  Timeout: "timedout",
};

/** Runs of the registries: each builds an image from an uploaded context on the sandbox's engine. */
export class RegistryTasks {
  readonly storage: TaskStorage;
  private readonly runs: Store<TaskRun>;
  private readonly cancellations = new Map<string, AbortController>();
  private readonly working = new Set<Promise<void>>();

  constructor(
    private readonly context: AzureContext,
    blobs: BlobAccounts,
    private readonly log: (message: string) => void,
  ) {
    this.storage = new TaskStorage(context.baseUrl, blobs);
    this.runs = new Store<TaskRun>(context.settings.stateDir, "runs");
    for (const run of this.runs.all().filter(({ finishTime }) => finishTime === undefined)) {
      this.end(run, "Error", "the emulator was stopped");
    }
  }

  /** Puts a run into the queue, which it leaves at once. */
  async schedule(
    registry: Resource,
    request: BuildRequest,
    caller: Principal,
  ): Promise<JsonObject> {
    if (!(await this.storage.has(request.sourceLocation))) {
      throw badRequest(
        "InvalidSourceLocation",
        `Nothing was uploaded to '${request.sourceLocation}'.`,
      );
    }
    const runId = `cb${(this.runs.under(registry.body.id).length + 1).toString(36)}`;
    const id = `${registry.body.id}/runs/${runId}`;
    const run: TaskRun = { id, runId, status: "Queued", createTime: new Date().toISOString() };
    this.runs.put(id, run);
    const log = await this.storage.openLog(this.logName(registry, runId));
    const cancellation = new AbortController();
    this.cancellations.set(id.toLowerCase(), cancellation);
    const queued = this.describe(run);
    const work = this.perform({ run, registry, request, caller, log, cancellation });
    this.working.add(work);
    void work.finally(() => this.working.delete(work));
    return queued;
  }

  state(registry: Resource, runId: string): JsonObject {
    return this.describe(this.find(registry, runId));
  }

  logUrl(registry: Resource, runId: string): Promise<string> {
    this.find(registry, runId);
    return this.storage.logUrl(this.logName(registry, runId));
  }

  cancel(registry: Resource, runId: string): void {
    const run = this.find(registry, runId);
    if (run.finishTime !== undefined) {
      throw conflict("RunInTerminalState", `The run '${runId}' has ended as ${run.status}.`);
    }
    this.cancellations.get(run.id.toLowerCase())?.abort();
  }

  /** Forgets the runs of a registry that is removed. */
  forget(registryId: string): void {
    for (const { id } of this.runs.under(registryId)) {
      this.cancellations.get(id.toLowerCase())?.abort();
      this.runs.delete(id);
    }
  }

  /** Ends all runs that are under way. */
  async stopAll(): Promise<void> {
    for (const cancellation of this.cancellations.values()) cancellation.abort();
    await Promise.all(this.working);
  }

  private async perform(job: {
    run: TaskRun;
    registry: Resource;
    request: BuildRequest;
    caller: Principal;
    log: TaskLog;
    cancellation: AbortController;
  }): Promise<void> {
    const { run, registry, request, caller, log, cancellation } = job;
    const deadline = AbortSignal.timeout(request.timeout * 1000);
    Object.assign(run, { status: "Running", startTime: new Date().toISOString() });
    this.runs.put(run.id, run);
    try {
      await buildAndPush({
        request,
        loginServer: stringOf(registry.body.properties.loginServer),
        refreshToken: await this.refreshToken(registry, request, caller),
        sandboxDir: this.context.settings.sandboxDir,
        signal: AbortSignal.any([cancellation.signal, deadline]),
        log: (line) => log.write(line),
        download: (file) => this.storage.download(request.sourceLocation, file),
      });
      log.write(`Run ID: ${run.runId} was successful`);
      this.end(run, "Succeeded");
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      log.write(`Run ID: ${run.runId} failed. Error: ${message}`);
      const status = cancellation.signal.aborted ? "Canceled" : "Failed";
      this.end(run, deadline.aborted ? "Timeout" : status, message);
    }
    await log.complete(COMPLETIONS[run.status] ?? "internalerror").catch((error: unknown) => {
      this.log(`the log of run ${run.runId} cannot be completed: ${String(error)}`);
    });
  }

  /** A run pushes with the rights of the one who asks for it; where roles have conditions, only if told to. */
  private async refreshToken(
    { body }: Resource,
    { credentials }: BuildRequest,
    { objectId }: Principal,
  ): Promise<string> {
    const { identity, loginMode } = credentials?.sourceRegistry ?? {};
    const isAbac = body.properties.roleAssignmentMode === "AbacRepositoryPermissions";
    if (loginMode === "None" || (isAbac && identity !== "[caller]")) return "";
    const claims = { oid: objectId, grant_type: "refresh_token" };
    const loginServer = stringOf(body.properties.loginServer);
    return this.context.tokens.sign(claims, loginServer, REFRESH_SECONDS);
  }

  private end(run: TaskRun, status: Status, message?: string): void {
    this.cancellations.delete(run.id.toLowerCase());
    run.status = status;
    run.finishTime = new Date().toISOString();
    if (message !== undefined) run.runErrorMessage = message;
    // Its registry may be gone by now.
    if (this.runs.get(run.id) !== undefined) this.runs.put(run.id, run);
  }

  private find(registry: Resource, runId: string): TaskRun {
    const id = `${registry.body.id}/runs/${runId}`;
    const found = this.runs.get(id);
    if (!found) throw notFound(id);
    return found;
  }

  private logName({ body }: Resource, runId: string): string {
    return `${body.name}/${runId}`;
  }

  private describe({ id, ...properties }: TaskRun): JsonObject {
    return {
      id,
      name: properties.runId,
      type: "Microsoft.ContainerRegistry/registries/runs",
      properties:
        asObject({
          ...properties,
          runType: "QuickBuild",
          provisioningState: "Succeeded",
          isArchiveEnabled: false,
        }) ?? {},
    };
  }
}
