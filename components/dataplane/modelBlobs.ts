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
}

/** Files of a model in blob storage, uploaded with the deployer's identity. Any change replaces. */
export class ModelBlobs extends pulumi.CustomResource {
  constructor(name: string, args: ModelBlobsArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPES.modelBlobs, name, { ...args }, opts);
  }
}
