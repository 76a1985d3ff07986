import { getRegistry } from "@pulumi/azure-native/containerregistry/getRegistry";
import {
  getWorkspace,
  type GetWorkspaceResult,
} from "@pulumi/azure-native/machinelearningservices/getWorkspace";
import { getStorageAccount } from "@pulumi/azure-native/storage/getStorageAccount";
import type { Faults } from "../config/faults";
import type { WorkspaceConfig } from "../mlWorkspace/config";
import { nameFromId, resourceGroupFromId } from "../resourceIds/resourceIds";
import { defaultContainer } from "./defaultDatastore";
import { configuredLocation } from "./location";
import { configKey, reasonOf } from "./refusal";

/** A workspace that exists, as far as the program uses it. */
export interface ExistingWorkspace {
  readonly id: string;
  readonly name: string;
  readonly resourceGroupName: string;
  readonly location: string;
  readonly blobEndpoint: string;
  readonly containerName: string;
  readonly registryId: string;
  readonly loginServer: string;
}

type Reference = Extract<WorkspaceConfig, { mode: "existing" }>;

/** A workspace to create, or the existing one. */
export type WorkspaceSource =
  | (Extract<WorkspaceConfig, { mode: "new" }> & {
      /** Region that azure-native is configured for, as Azure writes it; undefined where it is for none. */
      readonly location?: string;
    })
  | ({ readonly mode: "existing" } & ExistingWorkspace);

function accountOf(id: string) {
  return getStorageAccount({
    accountName: nameFromId(id),
    resourceGroupName: resourceGroupFromId(id),
  });
}

function registryOf(id: string) {
  return getRegistry({ registryName: nameFromId(id), resourceGroupName: resourceGroupFromId(id) });
}

/** Reads what belongs to the workspace; undefined, with a fault, where something is not there. */
async function readParts(
  workspace: GetWorkspaceResult,
  { resourceGroupName, workspaceName }: Reference,
  refuse: (rule: string, remedy: string) => undefined,
): Promise<ExistingWorkspace | undefined> {
  const { storageAccount, containerRegistry } = workspace;
  if (!containerRegistry || !storageAccount) {
    return refuse(
      "must have a container registry of its own",
      "attach one with `az ml workspace update --container-registry <id>`",
    );
  }
  if (!workspace.location) throw new Error("Azure names no location for it");
  const [containerName, account, registry] = await Promise.all([
    defaultContainer({ resourceGroupName, workspaceName }),
    accountOf(storageAccount),
    registryOf(containerRegistry),
  ]);
  if (!containerName) {
    return refuse(
      "must have a blob container as its default datastore",
      "restore the datastore workspaceblobstore, or use another workspace",
    );
  }
  return {
    id: workspace.id,
    name: workspace.name,
    resourceGroupName,
    location: workspace.location,
    blobEndpoint: account.primaryEndpoints.blob,
    containerName,
    registryId: registry.id,
    loginServer: registry.loginServer,
  };
}

/**
 * The workspace that the configuration names, or what is to be created.
 *
 * @param faults takes what speaks against it; then the result is undefined.
 */
export async function readWorkspace(
  config: WorkspaceConfig,
  faults: Faults,
): Promise<WorkspaceSource | undefined> {
  if (config.mode === "new") {
    const location = configuredLocation();
    return location === undefined ? config : { ...config, location };
  }
  const { resourceGroupName, workspaceName } = config;
  const refuse = (rule: string, remedy: string): undefined => {
    faults.add({ key: configKey("workspace"), value: workspaceName, rule, remedy });
  };
  try {
    const workspace = await getWorkspace({ resourceGroupName, workspaceName });
    const parts = await readParts(workspace, config, refuse);
    return parts && { mode: "existing", ...parts };
  } catch (error) {
    return refuse(
      `must be a workspace that the deployer can read: ${reasonOf(error)}`,
      "check config.json, the subscription and the deployer's role",
    );
  }
}
