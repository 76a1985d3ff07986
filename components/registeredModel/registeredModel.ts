import { ModelContainer } from "@pulumi/azure-native/machinelearningservices/modelContainer";
import { ModelVersion } from "@pulumi/azure-native/machinelearningservices/modelVersion";
import * as pulumi from "@pulumi/pulumi";
import { ModelBlobs } from "../dataplane/modelBlobs";
import type { MlWorkspace } from "../mlWorkspace/mlWorkspace";
import type { ModelConfig } from "./config";
import { blobPrefix, modelUri } from "./location";
import { tagged } from "../tags/tags";

/** Arguments of `RegisteredModel`. */
export interface RegisteredModelArgs {
  readonly model: ModelConfig;
  readonly workspace: MlWorkspace;
}

/** What is said of a model; what is empty is not sent. */
function described({ description, tags }: ModelConfig) {
  return { ...(description !== "" && { description }), ...tagged(tags) };
}

/**
 * One model: its files in the workspace's storage and its version in the workspace's registry of
 * models. The version is a digest of the content, so an unchanged model stays what it is.
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
    super("azureml-aks:index:RegisteredModel", name, {}, opts);
    const { model, workspace } = args;
    const place = {
      resourceGroupName: workspace.resourceGroupName,
      workspaceName: workspace.name,
      name: model.name,
    };

    const blobs = new ModelBlobs(
      `${name}-blobs`,
      {
        blobEndpoint: workspace.blobEndpoint,
        containerName: workspace.containerName,
        prefix: blobPrefix(model),
        files: model.files.map((file) => ({ name: file.name, source: file.source })),
      },
      { parent: this, dependsOn: [...workspace.access], deleteBeforeReplace: true },
    );
    const container = model.useExistingContainer
      ? undefined
      : new ModelContainer(
          `${name}-container`,
          {
            ...place,
            properties: { isArchived: false, ...described(model) },
          },
          { parent: this },
        );
    const version = new ModelVersion(
      name,
      {
        ...place,
        version: model.version,
        properties: {
          modelType: "custom_model",
          modelUri: modelUri(model, workspace.id),
          ...described(model),
        },
      },
      {
        parent: this,
        dependsOn: container ? [blobs, container] : [blobs],
        deleteBeforeReplace: true,
      },
    );

    this.model = model;
    this.id = version.id;
    this.registerOutputs({ id: this.id });
  }
}
