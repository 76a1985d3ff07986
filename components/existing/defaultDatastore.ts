import {
  getDatastore,
  getDatastoreOutput,
  type GetDatastoreResult,
} from "@pulumi/azure-native/machinelearningservices/getDatastore";
import type * as pulumi from "@pulumi/pulumi";

/** The datastore that Azure ML makes with every workspace, and the models lie in. */
export const DEFAULT_DATASTORE = "workspaceblobstore";

/** The blob container, whose name Azure ML has chosen; undefined where it was replaced by another kind. */
function containerOf({ properties }: GetDatastoreResult): string | undefined {
  return properties.datastoreType === "AzureBlob" ? properties.containerName : undefined;
}

/** Container of the default datastore of a workspace that exists; undefined when it has none. */
export async function defaultContainer(
  workspace: { readonly resourceGroupName: string; readonly workspaceName: string },
  opts: pulumi.InvokeOptions = {},
): Promise<string | undefined> {
  return containerOf(await getDatastore({ ...workspace, name: DEFAULT_DATASTORE }, opts));
}

/** The same for a workspace that is about to be created. */
export function defaultContainerOutput(
  workspace: {
    readonly resourceGroupName: pulumi.Input<string>;
    readonly workspaceName: pulumi.Input<string>;
  },
  opts: pulumi.InvokeOptions,
): pulumi.Output<string | undefined> {
  return getDatastoreOutput({ ...workspace, name: DEFAULT_DATASTORE }, opts).apply(containerOf);
}
