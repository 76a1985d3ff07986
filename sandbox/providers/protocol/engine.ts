import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import type { Log } from "./provider";

type Severity = LogSeverity;

/** The engine's log service: what a plugin has to say goes there, as its stdout is not shown. */
export class EngineLog {
  private client: EngineClient | undefined;
  private readonly pending = new Set<Promise<void>>();

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
      debug: at(LogSeverity.DEBUG, false),
      info: at(LogSeverity.INFO, false),
      warn: at(LogSeverity.WARNING, false),
      error: at(LogSeverity.ERROR, false),
    };
  }

  /** Resolves when all messages sent so far have arrived or failed to. */
  async flush(): Promise<void> {
    await Promise.all(this.pending);
  }

  private send(urn: string, severity: Severity, ephemeral: boolean, message: string): void {
    const { client } = this;
    if (client === undefined || message.trim() === "") return;
    const request = new LogRequest()
      .setUrn(urn)
      .setSeverity(severity)
      .setEphemeral(ephemeral)
      .setMessage(message);
    const sent = new Promise<void>((resolve) => {
      client.log(request, (error) => {
        if (error) process.stderr.write(`${message}\n`);
        resolve();
      });
    });
    this.pending.add(sent);
    void sent.then(() => this.pending.delete(sent));
  }
}
