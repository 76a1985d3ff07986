import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Log } from "./provider";

type Severity = LogSeverity;

/** The engine's log service: what a plugin has to say goes there, as its stdout is not shown. */
export class EngineLog {
  private client: EngineClient | undefined;
  /** The last message on its way; each waits for the one before, because the display keeps the last. */
  private tail: Promise<void> = Promise.resolve();

  /** Connects to the engine at `host:port`, replacing an earlier connection. */
  connect(address: string): void {
    this.client?.close();
    this.client = new EngineClient(address, credentials.createInsecure());
  }

  /** The log of one resource, by its URN. */
  forResource(urn: string): Log {
    const at = (severity: Severity, ephemeral: boolean) => (message: string) =>
      this.send(urn, severity, ephemeral, message);
    return {
      status: at(LogSeverity.INFO, true),
      warn: at(LogSeverity.WARNING, false),
    };
  }

  /** Resolves when all messages sent so far have arrived or failed to. */
  async flush(): Promise<void> {
    await this.tail;
  }

  private send(urn: string, severity: Severity, ephemeral: boolean, message: string): void {
    const { client } = this;
    if (client === undefined || message.trim() === "") return;
    const request = new LogRequest()
      .setUrn(urn)
      .setSeverity(severity)
      .setEphemeral(ephemeral)
      .setMessage(message);
    this.tail = this.tail.then(
      () =>
        new Promise((resolve) => {
          client.log(request, (error) => {
            if (error) process.stderr.write(`${message}\n`);
            resolve();
          });
        }),
    );
  }
}
