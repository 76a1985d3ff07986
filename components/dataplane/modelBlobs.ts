import * as pulumi from "@pulumi/pulumi";
import { TYPES, type BlobFile } from "../../dataplane/contract";

/** Arguments of `ModelBlobs`. */
export interface ModelBlobsArgs {
  /** Blob endpoint of the storage account, with the deployer as Storage Blob Data Contributor. */
  readonly blobEndpoint: pulumi.Input<string>;
  readonly containerName: pulumi.Input<string>;
  /** Folder of the files in the container; it must name their content, since files are not compared. */
  readonly prefix: pulumi.Input<string>;
  readonly files: readonly BlobFile[];
  /** Random id of the stack: no other overwrites or deletes what bears it. */
  readonly stackId: pulumi.Input<string>;
  /** How the stack is named to the users of others. */
  readonly stackName: string;
  /** Whether this stack assigns that role; otherwise it is not waited for. */
  readonly isGranted: boolean;
  /** Whether the model's name was registered when the program started. */
  readonly nameIsTaken: boolean;
  /** ARM id of the model's name where this stack registers it; unknown until then. */
  readonly nameId?: pulumi.Input<string>;
}

/** Files of a model in blob storage, uploaded with the deployer's identity. Any change replaces. */
export class ModelBlobs extends pulumi.CustomResource {
  constructor(name: string, args: ModelBlobsArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPES.modelBlobs, name, { ...args }, opts);
  }
}
