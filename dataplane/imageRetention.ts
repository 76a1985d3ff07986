import type { Inputs } from "@pulumi/pulumi";
import { registryClient } from "./registryClient";
import { removeLocalImages } from "./localImages";
import { stringInput, type ResourceType } from "./resourceType";
import { taggedManifests } from "./taggedManifests";

/** Deletes every image of the repository but the one that is kept. */
async function keepOnly(inputs: Inputs): Promise<void> {
  const repository = stringInput(inputs, "repository");
  const keep = stringInput(inputs, "tag");
  const manifests = await taggedManifests(inputs);
  if (!manifests.some(({ tags }) => tags.includes(keep))) {
    throw new Error(
      `the registry has no image ${repository}:${keep}, though it was pushed; ` +
        "push it again with `pulumi up --replace <URN of the docker image>`",
    );
  }
  const client = await registryClient(inputs);
  for (const { digest } of manifests.filter(({ tags }) => !tags.includes(keep))) {
    await client.getArtifact(repository, digest).delete();
  }
  await removeLocalImages(`${stringInput(inputs, "loginServer")}/${repository}`, keep);
}

/**
 * Which image of a repository stays. It is brought up to date after a rollout has succeeded, not
 * before: until then the version before it still serves, and its pods may have to be started anew.
 */
export const imageRetention: ResourceType = {
  identity: ["loginServer", "repository"],
  content: ["tag"],

  async create(inputs) {
    await keepOnly(inputs);
    return {
      id: `${stringInput(inputs, "loginServer")}/${stringInput(inputs, "repository")}`,
      outs: inputs,
    };
  },

  async update(inputs) {
    await keepOnly(inputs);
    return { outs: inputs };
  },

  async exists(state) {
    const keep = stringInput(state, "tag");
    const manifests = await taggedManifests(state);
    return manifests.some(({ tags }) => tags.includes(keep));
  },

  // The images go with their repository.
  delete: () => Promise.resolve(),
};
