import type { Inputs } from "@pulumi/pulumi";
import { deployerCredential } from "./credential";
import { stringInput } from "./resourceType";

/** Client of the registry that the inputs name, signed in as the deployer. */
export async function registryClient(inputs: Inputs) {
  // Loaded on first use: a preview asks no registry.
  const { ContainerRegistryClient, KnownContainerRegistryAudience } =
    await import("@azure/container-registry");
  return new ContainerRegistryClient(
    `https://${stringInput(inputs, "loginServer")}`,
    await deployerCredential(),
    { audience: KnownContainerRegistryAudience.AzureResourceManagerPublicCloud },
  );
}
