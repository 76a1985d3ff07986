import { getClientConfig } from "@pulumi/azure-native/authorization/getClientConfig";
import { Faults } from "../config/faults";
import type { ProgramConfig } from "../config/program";
import type { Identity } from "../signIn/identity";
import { signInRefusal } from "../signIn/refusal";
import { readCluster, type ClusterSource } from "./cluster";
import { readModels, type ModelSource } from "./models";
import type { Deployer } from "./deployer";
import { refuseOtherSubscription } from "./subscription";
import { readWorkspace, type WorkspaceSource } from "./workspace";

export type { ClusterSource } from "./cluster";
export type { ModelSource } from "./models";
export type { Deployer } from "./deployer";
export type { WorkspaceSource } from "./workspace";

/** What the program starts from: who deploys, and what there is. */
export interface Existing {
  readonly deployer: Deployer;
  readonly workspace: WorkspaceSource;
  readonly cluster: ClusterSource;
  readonly models: readonly ModelSource[];
}

/**
 * Reads who deploys, and what exists already of the workspace and the cluster. Reading comes
 * before the first resource, so that what cannot work is refused before anything is created.
 *
 * @param identity who signs in, for the remedy where Azure refuses it.
 * @throws pulumi.RunError saying why Azure refuses the deployer, or listing everything that cannot be used,
 * and why.
 */
export async function readExisting(config: ProgramConfig, identity: Identity): Promise<Existing> {
  const faults = new Faults(config.secrets);
  const deployer = await signIn(identity);
  refuseOtherSubscription(config, deployer.subscriptionId, faults);
  faults.throwIfAny();
  const [workspace, cluster] = await Promise.all([
    readWorkspace(config.workspace, faults),
    readCluster(config.cluster, faults),
  ]);
  // Only now: nothing can be looked up in a workspace that cannot be read.
  const models = workspace ? await readModels(config.workspace, config.models, faults) : [];
  faults.throwIfAny();
  if (workspace === undefined || cluster === undefined) {
    throw new Error("the workspace or the cluster was not read, and no fault says why");
  }
  return { deployer, workspace, cluster, models };
}

async function signIn(identity: Identity): Promise<Deployer> {
  try {
    const { objectId, subscriptionId, tenantId } = await getClientConfig();
    return { objectId, subscriptionId, tenantId, identity };
  } catch (error) {
    throw signInRefusal(error, identity);
  }
}
