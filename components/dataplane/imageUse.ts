import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";

/** Use of an image that was there: nothing of this stack deletes it. A change replaces. */
export class ImageUse extends pulumi.CustomResource {
  /** The image by digest: `server/repository@sha256:…`. */
  declare readonly reference: pulumi.Output<string>;

  constructor(
    name: string,
    args: { readonly reference: string },
    opts?: pulumi.CustomResourceOptions,
  ) {
    super(TYPES.imageUse, name, { ...args }, opts);
  }
}
