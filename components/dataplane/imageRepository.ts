import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";

/** Arguments of `ImageRepository`. */
export interface ImageRepositoryArgs {
  readonly loginServer: pulumi.Input<string>;
  readonly repository: pulumi.Input<string>;
  /** Tenant of the registry, where the deployer itself pushes to it; else its rights do not matter. */
  readonly pushTenantId?: string;
  /** Whether this stack assigns the role to push; otherwise it is not waited for. */
  readonly isGranted: boolean;
}

/**
 * Claim on a repository of a registry: deleting it deletes all its images. A change of the registry or
 * of the image's own name, the last part of the repository's, replaces; other folders stay as they
 * were when the repository was claimed.
 */
export class ImageRepository extends pulumi.CustomResource {
  /** The repository as it was claimed. */
  declare readonly repository: pulumi.Output<string>;
  /** Another one when the repository was made anew, or was found without an image by a refresh. */
  declare readonly generation: pulumi.Output<string | undefined>;

  constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPES.imageRepository, name, { ...args, generation: undefined }, opts);
  }
}
