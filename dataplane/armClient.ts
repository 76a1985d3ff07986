import type { Client } from "@azure-rest/core-client";
import { deployerCredential } from "./credential";

const PUBLIC_CLOUD = "https://management.azure.com";
const SCOPE = `${PUBLIC_CLOUD}/.default`;

/**
 * Where Azure Resource Manager is: in the cloud that ARM_METADATA_HOSTNAME describes, as for
 * azure-native, else in the public one.
 *
 * @throws Error when the description cannot be had.
 */
async function endpoint(): Promise<string> {
  const host = process.env.ARM_METADATA_HOSTNAME;
  if (!host) return PUBLIC_CLOUD;
  const response = await fetch(`https://${host}/metadata/endpoints?api-version=2022-09-01`);
  if (!response.ok) throw new Error(`${host} describes no cloud (status ${response.status})`);
  const { resourceManager } = (await response.json()) as { resourceManager?: string };
  if (!resourceManager) throw new Error(`the cloud that ${host} describes has no resource manager`);
  return resourceManager.replace(/\/+$/, "");
}

/** Client of Azure Resource Manager, signed in as the deployer; it tries again what may be tried again. */
export async function armClient(): Promise<Client> {
  // Loaded on first use: a preview asks nothing.
  const { getClient } = await import("@azure-rest/core-client");
  return getClient(await endpoint(), await deployerCredential(), {
    credentials: { scopes: [SCOPE] },
  });
}
