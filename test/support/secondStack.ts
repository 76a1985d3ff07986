import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { stackOutputs } from "./sandbox";
import { variant, type Values } from "./stackConfig";

/** `azureml-aks:workspace` with which another stack uses the first one's workspace. */
export async function existingWorkspace(): Promise<Values> {
  const { workspaceId } = await stackOutputs();
  const [, , subscription_id, , resource_group, , , , workspace_name] = workspaceId.split("/");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-existing-"));
  const configFile = path.join(folder, "config.json");
  fs.writeFileSync(configFile, JSON.stringify({ subscription_id, resource_group, workspace_name }));
  return { mode: "existing", configFile };
}

/**
 * Writes the configuration of another stack in the first one's workspace and cluster.
 *
 * @param more the rest of it, by the first stack's configuration.
 * @returns arguments that make Pulumi use it.
 */
export async function besideFirst(more: (config: Values) => Values): Promise<readonly string[]> {
  const { clusterId: resourceId } = await stackOutputs();
  const workspace = await existingWorkspace();
  return variant((config) => ({
    "azure-native:location": config["azure-native:location"],
    "azureml-aks:workspace": workspace,
    // The first stack has given the cluster its right to pull already.
    "azureml-aks:cluster": { mode: "attach", login: "spn", resourceId, grantPull: false },
    ...more(config),
  }));
}
