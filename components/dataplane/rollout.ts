import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";

/** Arguments of `Rollout`. */
export interface RolloutArgs {
  /** The cluster, as the services' provider reaches it. */
  readonly kubeconfig: pulumi.Input<string>;
  readonly namespace: pulumi.Input<string>;
  readonly deployment: pulumi.Input<string>;
  /** Tells one version of the Deployment from another; a new one is watched. */
  readonly spec: pulumi.Input<string>;
  /** Fewest pods that there have to be. */
  readonly minReplicas: number;
  /** Most pods that there may be. */
  readonly maxReplicas: number;
  /** Longest wait, in seconds. */
  readonly timeoutSeconds: number;
}

/** The pods of a Deployment, once all of them run its latest version. */
export class Rollout extends pulumi.CustomResource {
  constructor(name: string, args: RolloutArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPES.rollout, name, { ...args }, opts);
  }
}
