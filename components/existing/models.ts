import { getModelContainer } from "@pulumi/azure-native/machinelearningservices/getModelContainer";
import { getModelVersion } from "@pulumi/azure-native/machinelearningservices/getModelVersion";
import type { Faults } from "../config/faults";
import type { WorkspaceConfig } from "../mlWorkspace/config";
import type { ModelConfig } from "../registeredModel/config";
import { configKey, isNotFound, reasonOf } from "./refusal";

/** A model of the configuration, with what the workspace says of it. */
export type ModelSource = ModelConfig & {
  /** Whether the workspace has the model's name, whoever registered it. */
  readonly nameIsTaken: boolean;
};

type Reference = Extract<WorkspaceConfig, { mode: "existing" }>;

/** Whether Azure has what is read; any failure but that it is missing goes on. */
async function isThere(read: Promise<unknown>): Promise<boolean> {
  try {
    await read;
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function readModel(
  { resourceGroupName, workspaceName }: Reference,
  model: ModelConfig,
  faults: Faults,
): Promise<ModelSource> {
  const place = { resourceGroupName, workspaceName, name: model.name };
  const refuse = (value: unknown, rule: string, remedy: string): void =>
    faults.add({ key: configKey(`models.${model.name}.existing`), value, rule, remedy });
  try {
    if (!model.existing) return { ...model, nameIsTaken: await isThere(getModelContainer(place)) };
    if (await isThere(getModelVersion({ ...place, version: model.version }))) {
      return { ...model, nameIsTaken: true };
    }
    refuse(
      true,
      `must be a model whose version is registered in the workspace; there is no ${model.name}:${model.version}`,
      "give the files that are registered, or remove existing to register these",
    );
  } catch (error) {
    refuse(
      model.existing,
      `must be a model that the deployer can look up in the workspace: ${reasonOf(error)}`,
      "check the deployer's role on the workspace",
    );
  }
  return { ...model, nameIsTaken: true };
}

function refuseInNew(model: ModelConfig, faults: Faults): ModelSource {
  if (model.existing) {
    faults.add({
      key: configKey(`models.${model.name}.existing`),
      value: true,
      rule: "must not be set with workspace.mode: new, where nobody else registers models first",
      remedy: "remove it, or set workspace.mode: existing",
    });
  }
  return { ...model, nameIsTaken: false };
}

/**
 * The models of the configuration, looked up in a workspace that exists.
 *
 * @param faults takes what speaks against them.
 */
export function readModels(
  workspace: WorkspaceConfig,
  models: readonly ModelConfig[],
  faults: Faults,
): Promise<readonly ModelSource[]> {
  return Promise.all(
    models.map((model) =>
      workspace.mode === "new"
        ? Promise.resolve(refuseInNew(model, faults))
        : readModel(workspace, model, faults),
    ),
  );
}
