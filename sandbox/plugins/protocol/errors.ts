import { Metadata, status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { UnknownTypeError } from "./unknownTypeError";
import type { PropertyMap } from "./value";
import { toStruct } from "./wire";

/**
 * The resource was created or changed but did not become ready. The engine keeps it in the state with
 * the reasons; the next `up` runs an update on it even if its inputs did not change.
 */
export class InitializationError extends Error {
  constructor(
    message: string,
    readonly resource: { id: string; outputs: PropertyMap; inputs: PropertyMap; reasons: string[] },
  ) {
    super(message);
    this.name = "InitializationError";
  }
}

/** The error as gRPC carries it, with the details that the engine unpacks. */
export function toServiceError(error: unknown): ServiceError {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new Metadata();
  if (error instanceof InitializationError) {
    metadata.add("grpc-status-details-bin", initializationDetails(error));
  }
  const code = error instanceof UnknownTypeError ? status.UNIMPLEMENTED : status.UNKNOWN;
  return { name: "ServiceError", code, message, details: message, metadata };
}

function initializationDetails(error: InitializationError): Buffer {
  const detail = new ErrorResourceInitFailed()
    .setId(error.resource.id)
    .setReasonsList(error.resource.reasons);
  detail.setProperties(toStruct(error.resource.outputs));
  detail.setInputs(toStruct(error.resource.inputs));
  const packed = new Any();
  packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const wrapped = new Status().setCode(status.UNKNOWN).setMessage(error.message);
  wrapped.addDetails(packed);
  return Buffer.from(wrapped.serializeBinary());
}
