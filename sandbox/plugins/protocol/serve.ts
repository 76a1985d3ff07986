import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { EngineLog } from "./engine";
import type { Provider } from "./provider";
import { createService } from "./service";

/** A rendered kubeconfig or a large state outgrows gRPC's default of 4 MiB; the engine allows this. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** How often the plugin looks whether its engine is still there. */
const PARENT_CHECK_MS = 1000;

/**
 * Serves the plugin until the engine that started it stops it or dies. The engine's address is the first
 * argument that is no flag; the chosen port is printed as the only line on stdout, as the engine expects.
 *
 * @throws when no port on the loopback interface can be bound
 */
export async function serve(provider: Provider, args = process.argv.slice(2)): Promise<void> {
  const engine = new EngineLog();
  const cancellation = new AbortController();
  const address = engineAddress(args);
  if (address !== undefined) engine.connect(address);
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(ResourceProviderService, createService(provider, engine, cancellation));
  stopWithEngine(cancellation);
  process.stdout.write(`${await bind(server)}\n`);
}

function engineAddress(args: string[]): string | undefined {
  return args.find((arg, index) => !arg.startsWith("-") && args[index - 1] !== "--tracing");
}

function bind(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

/**
 * Ends the process when it is told to, or when its parent changes: an engine that was killed cannot tell
 * its plugins, and one left behind would go on changing things that the next run changes too.
 */
function stopWithEngine(cancellation: AbortController): void {
  const parent = process.ppid;
  const stop = (code: number) => {
    cancellation.abort(new Error("the plugin was stopped"));
    process.exit(code);
  };
  process.on("SIGTERM", () => stop(0));
  process.on("SIGINT", () => stop(0));
  setInterval(() => {
    if (process.ppid !== parent) stop(1);
  }, PARENT_CHECK_MS).unref();
}
