import { asObject } from "../../json";
import type { Principal } from "../identity/directory";
import type { ResourceDefinition } from "../schema/definitions";
import type { Resource } from "./store";

/** Types whose API has `systemData` say who made them. */
export function stampSystemData(
  definition: ResourceDefinition,
  resource: Resource,
  existing: Resource | undefined,
  caller: Principal,
): void {
  if (!TYPES_WITH_SYSTEM_DATA.has(definition.type)) return;
  const now = new Date().toISOString();
  const by = { createdBy: caller.objectId, createdByType: "Application", createdAt: now };
  const before = asObject(existing?.body.systemData) ?? by;
  resource.body.systemData = {
    ...before,
    lastModifiedBy: caller.objectId,
    lastModifiedByType: "Application",
    lastModifiedAt: now,
  };
}

const TYPES_WITH_SYSTEM_DATA = new Set([
  "Microsoft.ContainerRegistry/registries",
  "Microsoft.KeyVault/vaults",
  "Microsoft.MachineLearningServices/workspaces",
  "Microsoft.MachineLearningServices/workspaces/models",
  "Microsoft.MachineLearningServices/workspaces/models/versions",
]);
