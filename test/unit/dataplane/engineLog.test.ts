import { EventEmitter, once } from "node:events";
import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { EngineLog } from "../../../dataplane/engineLog";

it("what is said of a resource reaches the engine as a passing line beside it", async () => {
  const lines = new EventEmitter();
  const server = new Server();
  const log = (call: ServerUnaryCall<LogRequest, Empty>, callback: sendUnaryData<Empty>) => {
    callback(null, new Empty());
    lines.emit("line", call.request);
  };
  const refuse = () => undefined;
  server.addService(EngineService, {
    log,
    getRootResource: refuse,
    setRootResource: refuse,
    startDebugging: refuse,
    requirePulumiVersion: refuse,
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    ),
  );
  const said = once(lines, "line") as Promise<[LogRequest]>;
  new EngineLog(`127.0.0.1:${port}`).of("urn:it").status("1 of 2 new pods ready");
  const [request] = await said;
  expect([request.getUrn(), request.getMessage(), request.getEphemeral()]).toEqual([
    "urn:it",
    "1 of 2 new pods ready",
    true,
  ]);
  await new Promise((resolve) => server.tryShutdown(resolve));
});
