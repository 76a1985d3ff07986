import * as fs from "node:fs";
import * as path from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import { ImageBuild } from "../dataplane/imageBuild";
import { PLATFORM } from "./buildContext";
import type { ImageBuildPlan } from "./dockerBuild";
import { withArguments } from "./dockerfile";

/** Beside the Dockerfile, which has no arguments in it. */
const TASK_DOCKERFILE = "task.Dockerfile";

/**
 * Has a task of the registry build an image and push it, by the deployer's identity.
 *
 * The arguments are in the Dockerfile that is uploaded, but for the secret ones: on the way through
 * the registry's builder some characters of an argument would be lost.
 *
 * @returns the image by digest.
 */
export function buildByTask(
  name: string,
  { plan, repository, context, secretArguments, workspace }: Omit<ImageBuildPlan, "tenantId">,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const dockerfile = fs.readFileSync(path.join(context, "Dockerfile"), "utf8");
  fs.writeFileSync(path.join(context, TASK_DOCKERFILE), withArguments(dockerfile, plan.args));
  const { registryId, loginServer } = workspace;
  const built = new ImageBuild(
    name,
    {
      registryId,
      loginServer,
      repository,
      tag: plan.tag,
      context,
      dockerfile: TASK_DOCKERFILE,
      platform: PLATFORM,
      secretArguments,
    },
    opts,
  );
  return built.reference;
}
