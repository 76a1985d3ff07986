import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";

/** Arguments of `ClusterAccess`. */
export interface ClusterAccessArgs {
  /** ARM id of the cluster; another one is waited for anew. */
  readonly clusterId: pulumi.Input<string>;
  readonly kubeconfig: pulumi.Input<string>;
  /** Whether this stack assigns the role; otherwise it is not waited for. */
  readonly isGranted: boolean;
}

/** There once the deployer may make namespaces in a cluster. */
export class ClusterAccess extends pulumi.CustomResource {
  constructor(name: string, args: ClusterAccessArgs, opts: pulumi.CustomResourceOptions) {
    super(TYPES.clusterAccess, name, { ...args }, opts);
  }
}
