import * as authorization from "@pulumi/azure-native/authorization/getClientConfig";
import * as containerregistry from "@pulumi/azure-native/containerregistry/getRegistry";
import * as containerservice from "@pulumi/azure-native/containerservice/getManagedCluster";
import { getDatastore } from "@pulumi/azure-native/machinelearningservices/getDatastore";
import { getWorkspace } from "@pulumi/azure-native/machinelearningservices/getWorkspace";
import * as storage from "@pulumi/azure-native/storage/getStorageAccount";
import * as pulumi from "@pulumi/pulumi";
import { Faults } from "./config/faults";
import type { ClusterConfig, ProgramConfig, WorkspaceConfig } from "./config/types";
import { attachFaults } from "./validation/attachment";
import { nameFromId, parseManagedClusterId, resourceGroupFromId } from "./validation/resourceIds";

/** Identity that runs Pulumi. */
export interface Deployer {
  readonly objectId: string;
  readonly subscriptionId: string;
  readonly tenantId: string;
}

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

/** A cluster that exists, as far as the program uses it. */
export interface ExistingCluster {
  readonly id: string;
  readonly name: string;
  readonly resourceGroupName: string;
  readonly kubeletObjectId: string;
}

/** A workspace to create, or the existing one. */
export type WorkspaceSource =
  Extract<WorkspaceConfig, { mode: "new" }> | ({ readonly mode: "existing" } & ExistingWorkspace);

/** A cluster to create, or the existing one with what the configuration says of its use. */
export type ClusterSource =
  | Extract<ClusterConfig, { mode: "create" }>
  | (Extract<ClusterConfig, { mode: "attach" }> & ExistingCluster);

/** What the program starts from: who deploys, and what there is. */
export interface Foundations {
  readonly deployer: Deployer;
  readonly workspace: WorkspaceSource;
  readonly cluster: ClusterSource;
}

function configKey(path: string): string {
  return `${pulumi.getProject()}:${path}`;
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function readWorkspace(
  config: WorkspaceConfig,
  faults: Faults,
): Promise<WorkspaceSource | undefined> {
  if (config.mode === "new") return config;
  const { resourceGroupName, workspaceName } = config;
  const key = configKey("workspace");
  try {
    const workspace = await getWorkspace({ resourceGroupName, workspaceName });
    if (!workspace.containerRegistry || !workspace.storageAccount) {
      faults.add(
        key,
        workspaceName,
        "must have a container registry of its own",
        "attach one with `az ml workspace update --container-registry <id>`",
      );
      return undefined;
    }
    const [datastore, account, registry] = await Promise.all([
      getDatastore({
        name: "workspaceblobstore",
        resourceGroupName,
        workspaceName,
      }),
      storage.getStorageAccount({
        accountName: nameFromId(workspace.storageAccount),
        resourceGroupName: resourceGroupFromId(workspace.storageAccount),
      }),
      containerregistry.getRegistry({
        registryName: nameFromId(workspace.containerRegistry),
        resourceGroupName: resourceGroupFromId(workspace.containerRegistry),
      }),
    ]);
    const { properties } = datastore;
    const containerName = properties.datastoreType === "AzureBlob" && properties.containerName;
    if (!containerName) {
      faults.add(
        key,
        workspaceName,
        "must have a blob container as its default datastore",
        "restore the datastore workspaceblobstore, or use another workspace",
      );
      return undefined;
    }
    return {
      mode: "existing",
      id: workspace.id,
      name: workspace.name,
      resourceGroupName,
      location: workspace.location ?? "",
      blobEndpoint: account.primaryEndpoints.blob,
      containerName,
      registryId: registry.id,
      loginServer: registry.loginServer,
    };
  } catch (error) {
    faults.add(
      key,
      workspaceName,
      `must be a workspace that the deployer can read: ${reason(error)}`,
      "check config.json, the subscription and the deployer's role",
    );
    return undefined;
  }
}

async function readCluster(
  config: ClusterConfig,
  faults: Faults,
): Promise<ClusterSource | undefined> {
  if (config.mode === "create") return config;
  const id = parseManagedClusterId(config.resourceId);
  if (id === undefined) return undefined;
  const key = configKey("cluster.resourceId");
  const { resourceGroupName, clusterName } = id;
  try {
    const cluster = await containerservice.getManagedCluster({
      resourceGroupName,
      resourceName: clusterName,
    });
    const kubeletObjectId = cluster.identityProfile?.kubeletidentity?.objectId;
    const refusals = attachFaults({
      provisioningState: cluster.provisioningState,
      powerState: cluster.powerState.code ?? "",
      kubernetesVersion: cluster.currentKubernetesVersion,
      osTypes: (cluster.agentPoolProfiles ?? []).map((pool) => pool.osType ?? "Linux"),
      kubeletObjectId,
    });
    for (const refusal of refusals) {
      faults.add(key, config.resourceId, refusal.rule, refusal.remedy);
    }
    return {
      ...config,
      id: cluster.id,
      name: cluster.name,
      resourceGroupName,
      kubeletObjectId: kubeletObjectId ?? "",
    };
  } catch (error) {
    faults.add(
      key,
      config.resourceId,
      `must be a cluster that the deployer can read: ${reason(error)}`,
      "check the id, the subscription and the deployer's role",
    );
    return undefined;
  }
}

function refuseOtherSubscription(config: ProgramConfig, ours: string, faults: Faults): void {
  const remedy = (other: string) =>
    `run \`pulumi config set azure-native:subscriptionId ${other}\``;
  const rule = `must lie in the subscription that azure-native works in (${ours})`;
  // Azure compares ids without their letters' case.
  const other = (theirs: string) => theirs.toLowerCase() !== ours.toLowerCase();
  if (config.workspace.mode === "existing") {
    const theirs = config.workspace.subscriptionId;
    if (other(theirs)) {
      faults.add(configKey("workspace.configFile"), theirs, rule, remedy(theirs));
    }
  }
  if (config.cluster.mode === "attach") {
    const theirs = parseManagedClusterId(config.cluster.resourceId)?.subscriptionId;
    if (theirs !== undefined && other(theirs)) {
      faults.add(configKey("cluster.resourceId"), theirs, rule, remedy(theirs));
    }
  }
}

/**
 * Reads who deploys, and what exists already of the workspace and the cluster. Reading comes
 * before the first resource, so that what cannot work is refused before anything is created.
 *
 * @throws pulumi.RunError listing everything that cannot be used, and why.
 */
export async function readFoundations(config: ProgramConfig): Promise<Foundations> {
  const faults = new Faults();
  const { objectId, subscriptionId, tenantId } = await authorization.getClientConfig();
  refuseOtherSubscription(config, subscriptionId, faults);
  faults.throwIfAny();
  const [workspace, cluster] = await Promise.all([
    readWorkspace(config.workspace, faults),
    readCluster(config.cluster, faults),
  ]);
  faults.throwIfAny();
  if (workspace === undefined || cluster === undefined) {
    throw new Error("the workspace or the cluster was not read, and no fault says why");
  }
  return { deployer: { objectId, subscriptionId, tenantId }, workspace, cluster };
}
