import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";

/** Arguments of `ServiceAddress`. */
export interface ServiceAddressArgs {
  /** The cluster, as the services' provider reaches it. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  readonly service: pulumi.Input<string>;
  /** Tells one version of the Service from another; a new one may have another address. */
  readonly spec: pulumi.Input<string>;
  readonly port: number;
  /** Where the service says by status 200 that it is ready, without a key. */
  readonly path: string;
  /** Longest wait, in seconds. */
  readonly timeoutSeconds: number;
}

/** The address that a load balancer gives a Service, once requests to it are answered. */
export class ServiceAddress extends pulumi.CustomResource {
  /** IP address or host name. */
  declare readonly address: pulumi.Output<string>;

  constructor(name: string, args: ServiceAddressArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPES.serviceAddress, name, { ...args, address: undefined }, opts);
  }
}
