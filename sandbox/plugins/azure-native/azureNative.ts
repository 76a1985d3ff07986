import * as path from "node:path";
import { pathParameters } from "../../azure/schema/definitions";
import type { ResourceDefinition } from "../../azure/schema/definitions";
import { bodyToOutputs } from "../../azure/schema/wire";
import { asObject, type JsonObject } from "../../json";
import versions from "../../versions.json";
import { compare, diffOf, InitializationError, revealMap } from "../protocol";
import type {
  CheckRequest,
  CheckResult,
  Context,
  CreateRequest,
  DeleteRequest,
  Diff,
  DiffRequest,
  InvokeRequest,
  InvokeResult,
  Provider,
  PropertyMap,
  ReadRequest,
  UpdateRequest,
} from "../protocol";
import { ArmClient } from "./armClient";
import { isNotFound } from "./armError";
import { autoName } from "./autoName";
import { CREATE_BEFORE_DELETE, inputFaults } from "./checkInputs";
import { CreateJournal } from "./createJournal";
import { invokeFunction } from "./functions";
import { OperationFailed } from "./operationFailed";
import { poll, type Waiting } from "./poll";
import { previewOutputs } from "./preview";
import { applyDrift, projectToInputs } from "./projection";
import { requestBody } from "./requestBody";
import { inputsOfPath, nameParameter, pathOf } from "./resourcePath";
import { requireDefinition } from "./resourceTypes";
import { withSecrets } from "./secretOutputs";
import { readSettings } from "./settings";

/** Seconds after which the real plugin gives up too. */
const DEFAULT_TIMEOUT = 2 * 3600;
const UNFINISHED = /^(Creating|Updating|Deleting|Accepted)$/;

/** The azure-native plugin for the types of the sandbox, over the same ARM requests. */
export class AzureNative implements Provider {
  readonly name = "azure-native";
  readonly version = versions.plugins["azure-native"];
  private configured: ArmClient | undefined;
  private journal = new CreateJournal(undefined);

  configure({ inputs }: { inputs: PropertyMap }): Promise<void> {
    this.configured = new ArmClient(readSettings(inputs));
    const sandbox = process.env.SANDBOX_DIR;
    this.journal = new CreateJournal(sandbox && path.join(sandbox, "azure-native", "creating"));
    return Promise.resolve();
  }

  async check(request: CheckRequest): Promise<CheckResult> {
    const definition = requireDefinition(request.type);
    const inputs = { ...request.news };
    const nameKey = nameParameter(definition);
    if (inputs[nameKey] === undefined) this.chooseName(definition, request, inputs, nameKey);
    if (definition.createOnly.includes("location") && inputs.location === undefined) {
      const location = await this.defaultLocation(definition, request, inputs);
      if (location !== undefined) inputs.location = location;
    }
    return { inputs, failures: inputFaults(definition, inputs) };
  }

  diff({ type, id, oldInputs, news }: DiffRequest): Promise<Diff> {
    const definition = requireDefinition(type);
    this.journal.acknowledge(id);
    const changes = compare(oldInputs, news).filter(
      ({ path: [first] }) =>
        first !== CREATE_BEFORE_DELETE &&
        !(first === "location" && isSamePlace(oldInputs.location, news.location)),
    );
    return Promise.resolve(
      diffOf(changes, {
        replaceOn: [...pathParameters(definition), ...definition.createOnly],
        deleteBeforeReplace: oldInputs[CREATE_BEFORE_DELETE] !== true,
      }),
    );
  }

  async create(request: CreateRequest, context: Context) {
    const definition = requireDefinition(request.type);
    if (request.preview) return { id: "", outputs: previewOutputs(definition, request.inputs) };
    const client = this.client();
    const inputs = revealMap(request.inputs) as JsonObject;
    const id = pathOf(definition, inputs, client.settings.subscriptionId);
    const waiting = waitingOf(request, context);
    const existing = await this.find(definition, id);
    if (existing && !this.journal.isUnfinished(id, request.urn)) {
      throw new Error(`cannot create already existing resource '${id}'`);
    }
    if (existing) await this.untilSettled(definition, id, waiting);
    this.journal.begin(id, request.urn);
    const body = requestBody(definition, inputs, existing);
    return this.write(definition, id, body, request.inputs, waiting);
  }

  async read({ type, id, inputs, outputs }: ReadRequest) {
    const definition = requireDefinition(type);
    this.journal.acknowledge(id);
    const body = await this.find(definition, id);
    if (!body) return undefined;
    const now = bodyToOutputs(definition, body);
    const after = projectToInputs(definition, now);
    const isImport = Object.keys(inputs).length === 0;
    const before = projectToInputs(definition, revealMap(outputs) as JsonObject);
    const newInputs = isImport
      ? { ...after, ...inputsOfPath(definition, id) }
      : applyDrift(inputs, before, after);
    return { id, inputs: newInputs, outputs: withSecrets(definition, now, newInputs) };
  }

  async update(request: UpdateRequest, context: Context): Promise<PropertyMap> {
    const definition = requireDefinition(request.type);
    const { id, oldOutputs } = request;
    if (request.preview) {
      const stable = { name: oldOutputs.name, location: oldOutputs.location };
      return { ...previewOutputs(definition, request.inputs), ...withoutUndefined(stable) };
    }
    this.journal.acknowledge(id);
    const inputs = revealMap(request.inputs) as JsonObject;
    const existing = await this.client().get(id, definition.apiVersion);
    const body = requestBody(definition, inputs, existing);
    const waiting = waitingOf(request, context);
    return (await this.write(definition, id, body, request.inputs, waiting)).outputs;
  }

  async delete(request: DeleteRequest, context: Context): Promise<void> {
    const definition = requireDefinition(request.type);
    this.journal.acknowledge(request.id);
    try {
      await this.client().delete(request.id, definition.apiVersion, waitingOf(request, context));
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  async invoke({ token, args }: InvokeRequest): Promise<InvokeResult> {
    return { outputs: await invokeFunction(token, revealMap(args) as JsonObject, this.client()) };
  }

  private client(): ArmClient {
    if (!this.configured) throw new Error("the azure-native stand-in was not configured");
    return this.configured;
  }

  private chooseName(
    definition: ResourceDefinition,
    request: CheckRequest,
    inputs: PropertyMap,
    nameKey: string,
  ): void {
    const { olds } = request;
    inputs[nameKey] = olds[nameKey] ?? autoName(definition, request);
    const isGenerated = olds[nameKey] === undefined && definition.autoName !== "copy";
    if (isGenerated || olds[CREATE_BEFORE_DELETE] === true) inputs[CREATE_BEFORE_DELETE] = true;
  }

  /** The provider's location, else that of the resource group when it is known. */
  private async defaultLocation(
    definition: ResourceDefinition,
    { olds }: CheckRequest,
    inputs: PropertyMap,
  ): Promise<string | undefined> {
    const { settings } = this.client();
    if (settings.location) return settings.location;
    const group = inputs.resourceGroupName;
    const isGroup = definition.type === "Microsoft.Resources/resourceGroups";
    if (isGroup || typeof group !== "string") return undefined;
    if (olds.resourceGroupName === group && typeof olds.location === "string") return olds.location;
    const id = `/subscriptions/${settings.subscriptionId}/resourceGroups/${group}`;
    const body = await this.find(requireDefinition("azure-native:resources:ResourceGroup"), id);
    return typeof body?.location === "string" ? body.location : undefined;
  }

  private async find(definition: ResourceDefinition, id: string): Promise<JsonObject | undefined> {
    try {
      return await this.client().get(id, definition.apiVersion);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Sends a body and reads back what became of it. */
  private async write(
    definition: ResourceDefinition,
    id: string,
    body: JsonObject,
    inputs: PropertyMap,
    waiting: Waiting,
  ): Promise<{ id: string; outputs: PropertyMap }> {
    const client = this.client();
    const readBack = async () => {
      const found = await client.get(id, definition.apiVersion);
      return withSecrets(definition, bodyToOutputs(definition, found), inputs);
    };
    try {
      await client.put(id, definition.apiVersion, body, waiting);
    } catch (error) {
      if (!(error instanceof OperationFailed)) throw error;
      const reasons = [error.message];
      const outputs = await readBack();
      throw new InitializationError(error.message, { id, outputs, inputs, reasons });
    }
    return { id, outputs: await readBack() };
  }

  private async untilSettled(
    definition: ResourceDefinition,
    id: string,
    waiting: Waiting,
  ): Promise<void> {
    await poll(waiting, "an interrupted creation", async () => {
      const body = await this.find(definition, id);
      const state = asObject(body?.properties)?.provisioningState;
      return typeof state === "string" && UNFINISHED.test(state) ? undefined : true;
    });
  }
}

function waitingOf(request: { timeout?: number }, { signal, log }: Context): Waiting {
  const progress = (message: string) => log.status(message);
  return { signal, timeout: request.timeout ?? DEFAULT_TIMEOUT, progress };
}

/** Azure takes "West Europe" and "westeurope" for the same. */
function isSamePlace(left: unknown, right: unknown): boolean {
  const canonical = (value: unknown) =>
    typeof value === "string" ? value.toLowerCase().replaceAll(" ", "") : value;
  return canonical(left) === canonical(right);
}

function withoutUndefined(map: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));
}
