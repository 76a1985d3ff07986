import { Image } from "@pulumi/docker/image";
import * as pulumi from "@pulumi/pulumi";
import { registryCredentials } from "../dataplane/registryCredentials";
import type { MlWorkspace } from "../mlWorkspace/mlWorkspace";
import { PLATFORM, type BuildPlan } from "./buildContext";

/** An image to build and where to push it. */
export interface ImageBuildPlan {
  readonly plan: BuildPlan;
  readonly repository: pulumi.Output<string>;
  /** Folder with all that goes into the image. */
  readonly context: string;
  /** Arguments of the build that nobody may see. */
  readonly secretArguments: Readonly<Record<string, pulumi.Output<string>>>;
  readonly workspace: MlWorkspace;
  /** Tenant that the registry's sign-in goes through. */
  readonly tenantId: string;
}

/**
 * Builds an image with the Docker engine of this machine and pushes it.
 *
 * @returns the image by digest.
 */
export function buildWithDocker(
  name: string,
  { plan, repository, context, secretArguments, workspace, tenantId }: ImageBuildPlan,
  opts: pulumi.CustomResourceOptions & { readonly parent: pulumi.Resource },
): pulumi.Output<string> {
  const { loginServer } = workspace;
  const credentials = registryCredentials({ loginServer, tenantId }, { parent: opts.parent });
  const built = new Image(
    name,
    {
      imageName: pulumi.interpolate`${loginServer}/${repository}:${plan.tag}`,
      build: {
        context,
        dockerfile: `${context}/Dockerfile`,
        platform: PLATFORM,
        args: { ...plan.args, ...secretArguments },
      },
      registry: {
        server: loginServer,
        username: credentials.username,
        password: credentials.password,
      },
    },
    opts,
  );
  return built.repoDigest;
}
