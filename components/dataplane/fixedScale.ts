import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";

/** Arguments of `FixedScale`. */
export interface FixedScaleArgs {
  /** The cluster, as the services' provider reaches it. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  readonly deployment: pulumi.Input<string>;
}

/** That no autoscaler moves a Deployment's number of pods; to be made before that number is set. */
export class FixedScale extends pulumi.CustomResource {
  constructor(name: string, args: FixedScaleArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPES.fixedScale, name, { ...args }, opts);
  }
}
