import { status } from "@grpc/grpc-js";
import type { handleUnaryCall, sendUnaryData, ServerUnaryCall } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { compare, diffOf } from "./diff";
import type { EngineLog } from "./engine";
import { toServiceError } from "./errors";
import * as messages from "./messages";
import type { Context, Provider } from "./provider";
import { UnknownTypeError } from "./unknownTypeError";
import { fromStruct, toStruct } from "./wire";

type Handler<Request, Response> = (request: Request) => Promise<Response> | Response;

/** Turns a promise-returning handler into what gRPC calls; failures keep their details. */
function unary<Request, Response>(
  handler: Handler<Request, Response>,
): handleUnaryCall<Request, Response> {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>) => {
    Promise.resolve()
      .then(() => handler(call.request))
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
  };
}

/** What of the protocol no plugin here needs; the engine copes with each of these being absent. */
function unsupported<Request, Response>(method: string): handleUnaryCall<Request, Response> {
  return (_call, callback) =>
    callback({ code: status.UNIMPLEMENTED, details: `${method} is not implemented` });
}

/** The provider protocol's service for one plugin. */
export function createService(
  provider: Provider,
  engine: EngineLog,
  cancellation: AbortController,
): IResourceProviderServer {
  const context = (urn: string): Context => ({
    signal: cancellation.signal,
    log: engine.forResource(urn),
  });
  return {
    ...handshakeMethods(provider, engine, cancellation),
    ...configurationMethods(provider, context),
    ...planningMethods(provider, context),
    ...lifecycleMethods(provider, engine, context),
    attach: unsupported("Attach"),
    parameterize: unsupported("Parameterize"),
    call: unsupported("Call"),
    construct: unsupported("Construct"),
    getMapping: unsupported("GetMapping"),
    getMappings: unsupported("GetMappings"),
    list: (call) => call.emit("error", { code: status.UNIMPLEMENTED, details: "no List" }),
  };
}

type ContextOf = (urn: string) => Context;

function handshakeMethods(
  provider: Provider,
  engine: EngineLog,
  cancellation: AbortController,
): Pick<IResourceProviderServer, "handshake" | "getPluginInfo" | "getSchema" | "cancel"> {
  return {
    handshake: unary((request: pb.ProviderHandshakeRequest) => {
      engine.connect(request.getEngineAddress());
      return new pb.ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setSupportsAutonamingConfiguration(true);
    }),
    getPluginInfo: unary(() => new PluginInfo().setVersion(provider.version)),
    getSchema: unary(() => {
      const { name, version } = provider;
      const schema = { name, version, resources: {}, functions: {} };
      return new pb.GetSchemaResponse().setSchema(JSON.stringify(schema));
    }),
    cancel: unary(() => {
      cancellation.abort(new Error("the deployment was cancelled"));
      return new Empty();
    }),
  };
}

function configurationMethods(
  provider: Provider,
  context: ContextOf,
): Pick<IResourceProviderServer, "checkConfig" | "diffConfig" | "configure" | "invoke"> {
  return {
    checkConfig: unary(async (call: pb.CheckRequest) => {
      const request = messages.checkRequest(call);
      const accepted = { inputs: request.news };
      const result = await provider.checkConfig?.(request, context(request.urn));
      return messages.checkResponse(result ?? accepted);
    }),
    diffConfig: unary(async (call: pb.DiffRequest) => {
      const request = messages.diffRequest(call);
      const diff = await provider.diffConfig?.(request, context(request.urn));
      return messages.diffResponse(diff ?? diffOf(compare(request.oldInputs, request.news)));
    }),
    configure: unary(async (request: pb.ConfigureRequest) => {
      const inputs = fromStruct(request.getArgs());
      await provider.configure?.({ inputs }, context(request.getUrn() ?? ""));
      return new pb.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    }),
    invoke: unary(async (call: pb.InvokeRequest) => {
      const request = messages.invokeRequest(call);
      if (!provider.invoke) {
        throw new UnknownTypeError(provider.name, request.token, ["no function"]);
      }
      return messages.invokeResponse(await provider.invoke(request, context("")));
    }),
  };
}

function planningMethods(
  provider: Provider,
  context: ContextOf,
): Pick<IResourceProviderServer, "check" | "diff"> {
  return {
    check: unary(async (call: pb.CheckRequest) => {
      const request = messages.checkRequest(call);
      return messages.checkResponse(await provider.check(request, context(request.urn)));
    }),
    diff: unary(async (call: pb.DiffRequest) => {
      const request = messages.diffRequest(call);
      return messages.diffResponse(await provider.diff(request, context(request.urn)));
    }),
  };
}

function lifecycleMethods(
  provider: Provider,
  engine: EngineLog,
  context: ContextOf,
): Pick<IResourceProviderServer, "create" | "read" | "update" | "delete"> {
  /** Flushed, because a message that arrives after the operation's end is lost to the display. */
  const flushed = async <T>(operation: Promise<T>): Promise<T> => {
    try {
      return await operation;
    } finally {
      await engine.flush();
    }
  };
  return {
    create: unary(async (call: pb.CreateRequest) => {
      const request = messages.createRequest(call);
      const created = await flushed(provider.create(request, context(request.urn)));
      return new pb.CreateResponse().setId(created.id).setProperties(toStruct(created.outputs));
    }),
    read: unary(async (call: pb.ReadRequest) => {
      const request = messages.readRequest(call);
      if (!provider.read) return messages.readResponse(request);
      return messages.readResponse(await flushed(provider.read(request, context(request.urn))));
    }),
    update: unary(async (call: pb.UpdateRequest) => {
      const request = messages.updateRequest(call);
      if (!provider.update) throw new Error(`${request.type} cannot be updated in place`);
      const outputs = await flushed(provider.update(request, context(request.urn)));
      return new pb.UpdateResponse().setProperties(toStruct(outputs));
    }),
    delete: unary(async (call: pb.DeleteRequest) => {
      const request = messages.deleteRequest(call);
      if (provider.delete) await flushed(provider.delete(request, context(request.urn)));
      return new Empty();
    }),
  };
}
