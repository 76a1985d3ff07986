import type { ExtraRoute, ResourceHandler } from "../arm/handler";
import { roleAssignments } from "./authorization";
import { registries } from "./containerRegistry";
import { managedClusters } from "./containerService";
import { components } from "./insights";
import { vaults } from "./keyVault";
import { datastores, models, modelVersions, mlWorkspaces } from "./machineLearning";
import { userAssignedIdentities } from "./managedIdentity";
import { offers } from "./offers";
import { logWorkspaces } from "./operationalInsights";
import { resourceGroups } from "./resources";
import { blobContainers, storageAccounts } from "./storage";

const ALL: readonly ResourceHandler[] = [
  resourceGroups,
  storageAccounts,
  blobContainers,
  vaults,
  logWorkspaces,
  components,
  registries,
  userAssignedIdentities,
  roleAssignments,
  mlWorkspaces,
  datastores,
  models,
  modelVersions,
  managedClusters,
];

/** Resource types by ARM type. */
export const handlers: ReadonlyMap<string, ResourceHandler> = new Map(
  ALL.map((handler) => [handler.type, handler]),
);

/** The routes of all handlers that lead to no resource. */
export const extraRoutes: readonly ExtraRoute[] = [
  ...ALL.flatMap((handler) => handler.routes ?? []),
  ...offers,
];

/** The provider of a type, whatever its case. */
export function handlerOf(type: string): ResourceHandler | undefined {
  return ALL.find((handler) => handler.type.toLowerCase() === type.toLowerCase());
}
