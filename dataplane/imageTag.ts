import type { Inputs } from "@pulumi/pulumi";
import { deployerCredential } from "./credential";
import { text, type ResourceType } from "./resourceType";
import { statusOf } from "./roleWait";

async function registry(state: Inputs) {
  const { ContainerRegistryClient, KnownContainerRegistryAudience } =
    await import("@azure/container-registry");
  return new ContainerRegistryClient(
    `https://${text(state, "loginServer")}`,
    await deployerCredential(),
    { audience: KnownContainerRegistryAudience.AzureResourceManagerPublicCloud },
  );
}

/**
 * One image in a registry. It is claimed before it is pushed, so that an interrupted run cannot
 * leave an image that no state knows of; deleting it removes the manifest, whose layers the
 * registry then frees.
 */
export const imageTag: ResourceType = {
  identity: ["loginServer", "repository", "tag"],

  create(inputs) {
    const id = `${text(inputs, "loginServer")}/${text(inputs, "repository")}:${text(inputs, "tag")}`;
    return Promise.resolve({ id, outs: inputs });
  },

  async exists(state) {
    const client = await registry(state);
    try {
      await client
        .getArtifact(text(state, "repository"), text(state, "tag"))
        .getManifestProperties();
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  },

  async delete(state) {
    const client = await registry(state);
    const repository = text(state, "repository");
    try {
      const tagged = client.getArtifact(repository, text(state, "tag"));
      const { digest } = await tagged.getManifestProperties();
      await client.getArtifact(repository, digest).delete();
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  },
};
