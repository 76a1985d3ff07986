import * as pulumi from "@pulumi/pulumi";

/** One file to upload. */
export interface BlobFile {
  /** Path below the prefix. */
  readonly name: string;
  /** Path on this machine, relative to the program. */
  readonly source: string;
}

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
    super("dataplane:index:ModelBlobs", name, { ...args }, opts);
  }
}

/** Arguments of `ImageRepository`. */
export interface ImageRepositoryArgs {
  readonly loginServer: pulumi.Input<string>;
  readonly repository: pulumi.Input<string>;
}

/** Claim on a repository of a registry: deleting it deletes all its images. Any change replaces. */
export class ImageRepository extends pulumi.CustomResource {
  constructor(name: string, args: ImageRepositoryArgs, opts?: pulumi.CustomResourceOptions) {
    super("dataplane:index:ImageRepository", name, { ...args }, opts);
  }
}

/** Arguments of `ImageRetention`. */
export interface ImageRetentionArgs extends ImageRepositoryArgs {
  /** Tag of the image that stays. A change deletes all others. */
  readonly tag: pulumi.Input<string>;
}

/** Which image of a repository stays; to be made after what runs the image. */
export class ImageRetention extends pulumi.CustomResource {
  constructor(name: string, args: ImageRetentionArgs, opts?: pulumi.CustomResourceOptions) {
    super("dataplane:index:ImageRetention", name, { ...args }, opts);
  }
}

/** User name and password for `docker push`. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/**
 * Short-lived credentials for pushing to a registry as the deployer.
 *
 * A preview pushes nothing and so asks for nothing: it gets empty ones, which the docker provider
 * does not compare.
 */
export function registryCredentials(
  args: { loginServer: pulumi.Input<string>; tenantId: string },
  opts: pulumi.InvokeOptions,
): pulumi.Output<RegistryCredentials> {
  if (pulumi.runtime.isDryRun()) return pulumi.secret({ username: "", password: "" });
  const answer = pulumi
    .output(args)
    .apply((known) =>
      pulumi.runtime.invoke("dataplane:index:registryCredentials", known, opts),
    ) as pulumi.Output<RegistryCredentials>;
  return pulumi.secret(answer);
}
