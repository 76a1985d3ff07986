import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";

/** Arguments of `ClusterOffer`. */
export interface ClusterOfferArgs {
  readonly subscriptionId: string;
  readonly location: pulumi.Input<string>;
  /** ARM id of the cluster; while it is unknown, all is asked for. */
  readonly clusterId: pulumi.Input<string>;
  readonly vmSize: string;
  /** Zones of the nodes; none asks for no zones. */
  readonly zones: readonly string[];
  readonly kubernetesVersion?: string | undefined;
  readonly supportPlan?: string | undefined;
}

/** Lets the preview refuse a cluster that its region does not offer. A change is a note in the state. */
export class ClusterOffer extends pulumi.CustomResource {
  constructor(
    name: string,
    { zones, ...args }: ClusterOfferArgs,
    opts: pulumi.CustomResourceOptions,
  ) {
    // Plugins see a change in what is empty.
    const some = zones.length > 0 && { zones: [...zones] };
    super(TYPES.clusterOffer, name, { ...args, ...some }, opts);
  }
}
