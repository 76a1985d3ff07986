import { ModelContainer } from "@pulumi/azure-native/machinelearningservices/modelContainer";
import { ModelVersion } from "@pulumi/azure-native/machinelearningservices/modelVersion";
import * as pulumi from "@pulumi/pulumi";
import { ModelBlobs } from "../dataplane/modelBlobs";
import { Ownership } from "../dataplane/ownership";
import type { ModelSource } from "../existing";
import type { MlWorkspace } from "../mlWorkspace/mlWorkspace";
import { movable } from "../ownership/movable";
import type { ModelConfig } from "./config";
import { blobPrefix, modelUri } from "./location";
import { tagged } from "../tags/tagged";

/** Arguments of `RegisteredModel`. */
export interface RegisteredModelArgs {
  readonly model: ModelSource;
  readonly workspace: MlWorkspace;
}

/** What is said of a model; what is empty is not sent. */
function described({ description, tags }: ModelConfig) {
  return { ...(description !== "" && { description }), ...tagged(tags) };
}

/** What registering a model makes, the version last. */
interface Registration {
  readonly version: ModelVersion;
  readonly all: readonly pulumi.Resource[];
}

/**
 * One model: its files in the workspace's storage and its version in the workspace's registry of
 * models. The version is a digest of the content, so an unchanged model stays what it is. An
 * existing one, which another stack has registered, is only looked at.
 *
 * A changed model takes the old one's place, old first: when the rollout of the new one fails and
 * the old one comes back, nothing of it may be waiting to be deleted. Pods do not mind, since the
 * model is in their image.
 */
export class RegisteredModel extends pulumi.ComponentResource {
  /** The model's name, its files and its version by content, known before anything is deployed. */
  readonly model: ModelConfig;
  /** ARM id of this version. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: RegisteredModelArgs, opts?: pulumi.ComponentResourceOptions) {
    super("azureml-aks:index:RegisteredModel", name, {}, movable(opts));
    const { model, workspace } = args;
    const own = model.existing ? undefined : this.register(name, args);
    const id = pulumi.interpolate`${workspace.id}/models/${model.name}`;
    new Ownership(
      name,
      { key: `models.${model.name}.existing`, resourceId: id, members: own?.all ?? [] },
      { parent: this },
    );
    this.model = model;
    this.id = own?.version.id ?? pulumi.interpolate`${id}/versions/${model.version}`;
    this.registerOutputs({ id: this.id });
  }

  private register(name: string, { model, workspace }: RegisteredModelArgs): Registration {
    const place = {
      resourceGroupName: workspace.resourceGroupName,
      workspaceName: workspace.name,
      name: model.name,
    };
    const about = described(model);
    // The name first: where it is taken, nothing has been uploaded yet.
    const container = model.useExistingContainer
      ? undefined
      : new ModelContainer(
          `${name}-container`,
          { ...place, properties: { isArchived: false, ...about } },
          { parent: this },
        );
    const blobs = new ModelBlobs(
      `${name}-blobs`,
      {
        blobEndpoint: workspace.blobEndpoint,
        containerName: workspace.containerName,
        prefix: blobPrefix(model),
        files: model.files.map((file) => ({ name: file.name, source: file.source })),
        stackId: workspace.stackId,
        stackName: `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`,
        isGranted: workspace.grantsRoles,
        nameIsTaken: model.nameIsTaken && !model.useExistingContainer,
        ...(container && { nameId: container.id }),
      },
      { parent: this, dependsOn: [...workspace.access], deleteBeforeReplace: true },
    );
    const above = container ? [blobs, container] : [blobs];
    const version = new ModelVersion(
      name,
      {
        ...place,
        version: model.version,
        properties: {
          modelType: "custom_model",
          modelUri: modelUri(model, workspace.id),
          ...about,
        },
      },
      { parent: this, dependsOn: above, deleteBeforeReplace: true },
    );
    return { version, all: [...above, version] };
  }
}
