import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { stringOf, type JsonObject } from "../../json";
import { ArmError } from "./errors";
import { isWithin, sameId } from "./resourceId";
import { Store } from "./store";
import type { Resource } from "./store";

type OperationKind = "provision" | "remove" | "action";

/** A long-running operation as a client polls it. */
interface Operation {
  name: string;
  resourceId: string;
  kind: OperationKind;
  /** Path below which the operation's status is polled. */
  scope: string;
  /** Query of the request, which a resumed deletion needs again. */
  query: string;
  status: "InProgress" | "Succeeded" | "Failed";
  startTime: string;
  endTime?: string;
  error?: { code: string; message: string };
}

/** Where a client polls an operation: paths of its status and of its result. */
export interface StartedOperation {
  readonly statusPath: string;
  readonly resultPath: string;
}

type Work = () => Promise<void>;

/** Runs long operations in the background, and runs those again that a killed emulator did not finish. */
export class Operations {
  private readonly store: Store<Operation>;

  constructor(
    stateDir: string,
    private readonly log: (message: string) => void,
  ) {
    this.store = new Store<Operation>(stateDir, "operations");
  }

  /** Whether something still happens to the resource. */
  isBusy(resourceId: string): boolean {
    return this.store
      .all()
      .some((entry) => entry.status === "InProgress" && sameId(entry.resourceId, resourceId));
  }

  start(kind: OperationKind, resource: Resource, query: string, work: Work): StartedOperation {
    const [, , subscriptionId = ""] = resource.body.id.split("/");
    const namespace = resource.body.type.split("/")[0] ?? "";
    const location = stringOf(resource.body.location ?? "global");
    const scope = `/subscriptions/${subscriptionId}/providers/${namespace}/locations/${location}`;
    const operation: Operation = {
      name: randomUUID(),
      resourceId: resource.body.id,
      kind,
      scope,
      query,
      status: "InProgress",
      startTime: new Date().toISOString(),
    };
    this.store.put(this.keyOf(operation), operation);
    this.run(operation, work);
    return {
      statusPath: `${scope}/operationStatuses/${operation.name}`,
      resultPath: `${scope}/operationResults/${operation.name}`,
    };
  }

  /** Status document by name; undefined when there is no such operation. */
  status(name: string): JsonObject | undefined {
    const operation = this.store.get(`/${name}`);
    if (!operation) return undefined;
    const { status, startTime, endTime, error, scope } = operation;
    return {
      id: `${scope}/operationStatuses/${name}`,
      name,
      status,
      startTime,
      ...(endTime ? { endTime } : {}),
      ...(error ? { error } : {}),
    };
  }

  /** Continues what was in progress when the emulator stopped. */
  resume(workOf: (kind: OperationKind, resourceId: string, query: string) => Work): void {
    for (const operation of this.store.all()) {
      if (operation.status !== "InProgress") this.store.delete(this.keyOf(operation));
      else this.run(operation, workOf(operation.kind, operation.resourceId, operation.query));
    }
  }

  /** Waits until nothing is being made at or under an id any more. */
  async idleBelow(id: string): Promise<void> {
    const isMaking = (entry: Operation) =>
      entry.status === "InProgress" && entry.kind !== "remove" && isWithin(entry.resourceId, id);
    while (this.store.all().some(isMaking)) await setTimeout(50);
  }

  private keyOf(operation: Operation): string {
    return `/${operation.name}`;
  }

  private run(operation: Operation, work: Work): void {
    void work()
      .then(() => this.finish(operation, "Succeeded"))
      .catch((error: unknown) => this.fail(operation, error));
  }

  private fail(operation: Operation, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    const code = error instanceof ArmError ? error.code : "InternalServerError";
    this.log(`${operation.kind} of ${operation.resourceId} failed: ${message}`);
    operation.error = { code, message };
    this.finish(operation, "Failed");
  }

  private finish(operation: Operation, status: "Succeeded" | "Failed"): void {
    operation.status = status;
    operation.endTime = new Date().toISOString();
    this.store.put(this.keyOf(operation), operation);
  }
}
