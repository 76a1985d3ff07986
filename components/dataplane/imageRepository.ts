import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";

/** Arguments of `ImageRepository`. */
export interface ImageRepositoryArgs {
  readonly loginServer: pulumi.Input<string>;
  readonly repository: pulumi.Input<string>;
}

/** Claim on a repository of a registry: deleting it deletes all its images. Any change replaces. */
export class ImageRepository extends pulumi.CustomResource {
  constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPES.imageRepository, name, { ...args }, opts);
  }
}
