import type * as pulumi from "@pulumi/pulumi";
import { DEFAULT_DATASTORE } from "../existing/defaultDatastore";
import { ofMade } from "../outputs/ofMade";
import { nameFromId, resourceGroupFromId, subscriptionFromId } from "../resourceIds/resourceIds";
import type { ModelConfig } from "./config";

/** Folder of one version of a model, in the default datastore's container. */
export function blobPrefix({ name, version }: ModelConfig): string {
  return `models/${name}/${version}`;
}

/**
 * Where Azure ML finds the model: the file itself, or the folder of several.
 *
 * @param workspaceId ARM id of the workspace.
 */
export function modelUri(
  model: ModelConfig,
  workspaceId: pulumi.Output<string>,
): pulumi.Output<string> {
  const [only, ...others] = model.files;
  const file = only !== undefined && others.length === 0 ? only.name : "";
  const path = `${blobPrefix(model)}/${file}`;
  return ofMade(workspaceId, (id) => {
    const place = `subscriptions/${subscriptionFromId(id)}/resourcegroups/${resourceGroupFromId(id)}`;
    const datastore = `workspaces/${nameFromId(id)}/datastores/${DEFAULT_DATASTORE}`;
    return `azureml://${place}/${datastore}/paths/${path}`;
  });
}
