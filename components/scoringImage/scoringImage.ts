import * as pulumi from "@pulumi/pulumi";
import { ImageRepository } from "../dataplane/imageRepository";
import { ImageUse } from "../dataplane/imageUse";
import type { MlWorkspace } from "../mlWorkspace/mlWorkspace";
import { ofMade } from "../outputs/ofMade";
import type { RegisteredModel } from "../registeredModel/registeredModel";
import { planBuild } from "./buildContext";
import type { BuiltImage, ImageConfig } from "./config";
import { contextFor } from "./contexts";
import { buildWithDocker } from "./dockerBuild";
import { repositoryOf } from "./repository";
import { buildByTask } from "./taskBuild";

/** Arguments of `ScoringImage`. */
export interface ScoringImageArgs {
  readonly image: ImageConfig;
  /** Models to put into the image, once they are registered. */
  readonly models: readonly RegisteredModel[];
  readonly workspace: MlWorkspace;
  /** Tenant that the registry's sign-in goes through. */
  readonly tenantId: string;
  /** Folder with the Dockerfile and the scoring server, relative to the program. */
  readonly serverFolder: string;
}

/**
 * Credentials as an argument of the build: encrypted in the state, and in the Dockerfile known to a
 * stage of which the image has files but no history. No argument where there are none.
 */
function secretArguments(
  credentials: BuiltImage["credentials"],
): Readonly<Record<string, pulumi.Output<string>>> {
  if (Object.keys(credentials).length === 0) return {};
  return { CREDENTIALS: pulumi.secret(JSON.stringify(credentials)) };
}

/** An image in the workspace's registry, under a tag by its content, known before anything is built. */
export interface PushedImage {
  readonly loginServer: pulumi.Output<string>;
  /** Repository of this image alone; a stack that is renamed keeps it. */
  readonly repository: pulumi.Output<string>;
  readonly tag: string;
}

/**
 * The image of one scoring service, built where Pulumi runs or by a task of the workspace's
 * registry, to which it is pushed: scoring server, the user's environment, the script, the models,
 * in this order, so that a change rebuilds only what follows it. Its repository goes with the
 * component. An image that is there already is only referred to.
 */
export class ScoringImage extends pulumi.ComponentResource {
  /** `sha256:…` of the manifest. */
  readonly digest: pulumi.Output<string>;
  /** Image by digest, for a pod: `server/repository@sha256:…`. */
  readonly reference: pulumi.Output<string>;
  /** Undefined for an image that was there. */
  readonly pushed: PushedImage | undefined;

  constructor(name: string, args: ScoringImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("azureml-aks:index:ScoringImage", name, {}, opts);
    const { image } = args;
    if (image.kind === "given") {
      const { reference } = image;
      this.reference = new ImageUse(`${name}-use`, { reference }, { parent: this }).reference;
      this.pushed = undefined;
    } else {
      const built = this.build(name, image, args);
      this.reference = built.reference;
      this.pushed = built.pushed;
    }
    this.digest = ofMade(this.reference, (reference) =>
      reference.slice(reference.indexOf("@") + 1),
    );
    const { digest, reference } = this;
    this.registerOutputs({ digest, reference, tag: this.pushed?.tag });
  }

  private build(
    name: string,
    image: BuiltImage,
    { models, workspace, serverFolder, tenantId }: ScoringImageArgs,
  ): { readonly reference: pulumi.Output<string>; readonly pushed: PushedImage } {
    const plan = planBuild({ image, models: models.map(({ model }) => model), serverFolder });
    // Each way to build has a folder of its own, since it adds to what is laid out.
    const context = contextFor(plan, image.build);
    const { loginServer } = workspace;
    // Known by the repository's name and not the service's: a service that is renamed, or takes
    // another's name of an image, goes on using what is there. (Once it was named for the service.)
    const claim = new ImageRepository(
      `${image.name}.repository`,
      {
        loginServer,
        repository: repositoryOf(pulumi.getProject(), pulumi.getStack(), image.name),
        isGranted: workspace.grantsRoles,
        ...(image.build === "docker" && { pushTenantId: tenantId }),
      },
      {
        parent: this,
        dependsOn: [...workspace.access],
        aliases: [{ name: `${name}-repository` }],
      },
    );
    const secretArgs = secretArguments(image.credentials);
    const { repository } = claim;
    const common = { plan, repository, context, secretArguments: secretArgs, workspace };
    const resourceOpts = {
      parent: this,
      // Claimed first: whatever is pushed is known to the state, even when the run is cut off.
      dependsOn: [claim, ...workspace.access, ...models],
      // Where the repository has lost the image, it is pushed again.
      replacementTrigger: claim.generation.apply((generation) => generation ?? ""),
    };
    const reference =
      image.build === "docker"
        ? buildWithDocker(name, { ...common, tenantId }, resourceOpts)
        : buildByTask(name, common, resourceOpts);
    return { reference, pushed: { loginServer, repository, tag: plan.tag } };
  }
}
