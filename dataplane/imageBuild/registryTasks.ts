import type { Client, PathUncheckedResponse } from "@azure-rest/core-client";
import { ArmRefusal } from "../armRefusal";

/**
 * The version that knows the caller as the identity of a run, which registries need whose roles may
 * have conditions on repositories. Azure's SDK for JavaScript has no operation on tasks any more.
 */
const TASKS_VERSION = "2025-03-01-preview";
const REGISTRY_VERSION = "2025-11-01";

/** How far a run is. */
export type RunStatus =
  "Queued" | "Started" | "Running" | "Succeeded" | "Failed" | "Canceled" | "Error" | "Timeout";

/** A run as the registry tells of it. */
export interface RunState {
  readonly status: RunStatus;
  /** Why it did not get as far as a log, or did not end well. */
  readonly message?: string;
}

/** Where a build's context is uploaded to. */
export interface UploadTarget {
  /** Address of a blob, with the right to write it. */
  readonly uploadUrl: string;
  /** What the request for a run calls it. */
  readonly relativePath: string;
}

/** @throws ArmRefusal with the status and Azure's words when the answer is one. */
function answer<T>(response: PathUncheckedResponse): T {
  if (Number(response.status) < 300) return response.body as T;
  throw new ArmRefusal(response);
}

/** Tasks of one container registry. */
export class RegistryTasks {
  constructor(
    private readonly client: Client,
    /** ARM id. */
    private readonly registryId: string,
  ) {}

  /** Whether the registry takes only roles that may have conditions on repositories. */
  async hasRepositoryRoles(): Promise<boolean> {
    const { properties } = answer<{ properties: { roleAssignmentMode?: string } }>(
      await this.client
        .pathUnchecked(this.registryId)
        .get({ queryParameters: { "api-version": REGISTRY_VERSION } }),
    );
    return properties.roleAssignmentMode === "AbacRepositoryPermissions";
  }

  uploadTarget(): Promise<UploadTarget> {
    return this.post("listBuildSourceUploadUrl");
  }

  /** @returns the id of the run, which waits in the registry's queue. */
  async schedule(request: object): Promise<string> {
    const { properties } = await this.post<{ properties: { runId: string } }>(
      "scheduleRun",
      request,
    );
    return properties.runId;
  }

  async state(runId: string): Promise<RunState> {
    const { properties } = answer<{
      properties: { status: RunStatus; runErrorMessage?: string };
    }>(
      await this.client
        .pathUnchecked(`${this.registryId}/runs/${runId}`)
        .get({ queryParameters: { "api-version": TASKS_VERSION } }),
    );
    const { status, runErrorMessage: message } = properties;
    return message ? { status, message } : { status };
  }

  /** Address of the run's log, with the right to read it. */
  async logUrl(runId: string): Promise<string> {
    const { logLink } = await this.post<{ logLink: string }>(`runs/${runId}/listLogSasUrl`);
    return logLink;
  }

  async cancel(runId: string): Promise<void> {
    await this.post(`runs/${runId}/cancel`);
  }

  private async post<T>(action: string, body?: object): Promise<T> {
    return answer(
      await this.client.pathUnchecked(`${this.registryId}/${action}`).post({
        queryParameters: { "api-version": TASKS_VERSION },
        contentType: "application/json",
        ...(body && { body }),
      }),
    );
  }
}
