import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";

/** Arguments of `ImageBuild`. */
export interface ImageBuildArgs {
  /** ARM id of the registry, whose tasks build. */
  readonly registryId: pulumi.Input<string>;
  readonly loginServer: pulumi.Input<string>;
  readonly repository: pulumi.Input<string>;
  /** Names the content of the image, since files are not compared. */
  readonly tag: string;
  /** Folder with all that goes into the image, relative to the program. */
  readonly context: string;
  /** Path of the Dockerfile in the context. */
  readonly dockerfile: string;
  /** As in `linux/amd64`. */
  readonly platform: string;
  /** Arguments of the build that neither state nor log show. */
  readonly secretArguments: Readonly<Record<string, pulumi.Input<string>>>;
}

/** An image that a task of its registry builds. A changed tag builds anew; another repository replaces. */
export class ImageBuild extends pulumi.CustomResource {
  /** Image by digest: `server/repository@sha256:…`. */
  declare readonly reference: pulumi.Output<string>;

  constructor(name: string, args: ImageBuildArgs, opts?: pulumi.CustomResourceOptions) {
    super(TYPES.imageBuild, name, { ...args, reference: undefined }, opts);
  }
}
