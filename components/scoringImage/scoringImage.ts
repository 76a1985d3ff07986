import { Image } from "@pulumi/docker/image";
import * as pulumi from "@pulumi/pulumi";
import { ImageRepository } from "../dataplane/imageRepository";
import { registryCredentials } from "../dataplane/registryCredentials";
import type { MlWorkspace } from "../mlWorkspace/mlWorkspace";
import { ofMade } from "../outputs/ofMade";
import type { RegisteredModel } from "../registeredModel/registeredModel";
import { PLATFORM, planBuild } from "./buildContext";
import type { ImageConfig } from "./config";
import { contextFor } from "./contexts";
import { repositoryOf } from "./repository";

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
  credentials: ImageConfig["credentials"],
): Readonly<Record<string, pulumi.Output<string>>> {
  if (Object.keys(credentials).length === 0) return {};
  return { CREDENTIALS: pulumi.secret(JSON.stringify(credentials)) };
}

/**
 * The image of one scoring service, built where Pulumi runs and pushed to the workspace's
 * registry: scoring server, the user's environment, the script, the models, in this order, so
 * that a change rebuilds only what follows it. Its repository goes with the component.
 */
export class ScoringImage extends pulumi.ComponentResource {
  /** `sha256:…` of the pushed manifest. */
  readonly digest: pulumi.Output<string>;
  /** Image by digest, for a pod: `server/repository@sha256:…`. */
  readonly reference: pulumi.Output<string>;
  /** Tag by content, known before anything is built. */
  readonly tag: string;
  /** Repository of this image alone; a stack that is renamed keeps it. */
  readonly repository: pulumi.Output<string>;
  readonly loginServer: pulumi.Output<string>;

  constructor(name: string, args: ScoringImageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("azureml-aks:index:ScoringImage", name, {}, opts);
    const { image, models, workspace, serverFolder } = args;
    const plan = planBuild({ image, models: models.map(({ model }) => model), serverFolder });
    const context = contextFor(plan);
    const { loginServer } = workspace;
    // Known by the repository's name and not the service's: a service that is renamed, or takes
    // another's name of an image, goes on using what is there. (Once it was named for the service.)
    const claim = new ImageRepository(
      `${image.name}.repository`,
      {
        loginServer,
        repository: repositoryOf(pulumi.getProject(), pulumi.getStack(), image.name),
      },
      {
        parent: this,
        dependsOn: [...workspace.access],
        aliases: [{ name: `${name}-repository` }],
      },
    );
    const credentials = registryCredentials(
      { loginServer, tenantId: args.tenantId },
      { parent: this },
    );
    const built = new Image(
      name,
      {
        imageName: pulumi.interpolate`${loginServer}/${claim.repository}:${plan.tag}`,
        build: {
          context,
          dockerfile: `${context}/Dockerfile`,
          platform: PLATFORM,
          args: { ...plan.args, ...secretArguments(image.credentials) },
        },
        registry: {
          server: loginServer,
          username: credentials.username,
          password: credentials.password,
        },
      },
      // Claimed first: whatever is pushed is known to the state, even when the run is cut off.
      {
        parent: this,
        dependsOn: [claim, ...workspace.access, ...models],
        // Where the repository has lost the image, it is pushed again.
        replacementTrigger: claim.generation.apply((generation) => generation ?? ""),
      },
    );

    this.reference = built.repoDigest;
    this.digest = ofMade(built.repoDigest, (reference) =>
      reference.slice(reference.indexOf("@") + 1),
    );
    this.tag = plan.tag;
    this.repository = claim.repository;
    this.loginServer = loginServer;
    this.registerOutputs({ digest: this.digest, reference: this.reference, tag: this.tag });
  }
}
