import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Where an operation says what the user should know. */
export interface Log {
  /** A line that stays in the engine's output. */
  info(message: string): void;
  /** A line beside the resource, which the next one replaces; not shown where there is no terminal. */
  status(message: string): void;
}

/** The engine's log: it shows what a plugin says there, and little of what it prints. */
export class EngineLog {
  private readonly client: EngineClient;

  /** @param address `host:port` of the engine, the plugin's first argument. */
  constructor(address: string) {
    this.client = new EngineClient(address, credentials.createInsecure());
  }

  /** The log of one resource. */
  of(urn: string): Log {
    return {
      info: (message) => this.send(urn, message, false),
      status: (message) => this.send(urn, message, true),
    };
  }

  private send(urn: string, message: string, isEphemeral: boolean): void {
    const request = new LogRequest()
      .setUrn(urn)
      .setSeverity(LogSeverity.INFO)
      .setEphemeral(isEphemeral)
      .setMessage(message);
    this.client.log(request, (error) => {
      // The engine is gone; what it was to be told is still of use to whoever reads our output.
      if (error) console.error(message);
    });
  }
}
