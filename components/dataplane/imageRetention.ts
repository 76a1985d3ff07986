import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";
import type { ImageRepositoryArgs } from "./imageRepository";

/** Arguments of `ImageRetention`. */
export interface ImageRetentionArgs extends Pick<
  ImageRepositoryArgs,
  "loginServer" | "repository"
> {
  /** Tag of the image that stays. A change deletes all others. */
  readonly tag: pulumi.Input<string>;
}

/** Which image of a repository stays; to be made after what runs the image. */
export class ImageRetention extends pulumi.CustomResource {
  constructor(name: string, args: ImageRetentionArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPES.imageRetention, name, { ...args }, opts);
  }
}
