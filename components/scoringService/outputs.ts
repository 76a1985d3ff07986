import type * as pulumi from "@pulumi/pulumi";

/** What a client needs to call one service. */
export interface ServiceOutputs {
  readonly scoringUri: pulumi.Output<string>;
  readonly swaggerUri: pulumi.Output<string>;
  /** Secret. */
  readonly primaryKey: pulumi.Output<string>;
  /** Secret. */
  readonly secondaryKey: pulumi.Output<string>;
  readonly models: readonly { readonly name: string; readonly version: string }[];
  /** `sha256:…` of the image that the pods run. */
  readonly imageDigest: pulumi.Output<string>;
  readonly namespace: pulumi.Output<string>;
}

/** A service with what it offers to other stacks. */
interface NamedService {
  readonly serviceName: string;
  readonly outputs: ServiceOutputs;
}

/** The services by name, in the shape that other stacks read by `StackReference`. */
export function serviceOutputs(
  services: readonly NamedService[],
): Readonly<Record<string, ServiceOutputs>> {
  return Object.fromEntries(services.map((service) => [service.serviceName, service.outputs]));
}
