import type { Inputs } from "@pulumi/pulumi";
import { repositoryClaim } from "./imageClaim";
import { removeLocalImages } from "./localImages";
import { registryClient } from "./registryClient";
import { repositoryAddress } from "./repositoryAddress";
import { stringInput, type ResourceType } from "./resourceType";
import type { Run } from "./run";
import { taggedManifests } from "./taggedManifests";

/** Deletes every image of the repository but the one that is kept, and those that others of the run use. */
async function keepOnly(inputs: Inputs, run: Run): Promise<void> {
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
  const isUsed = (digest: string) => run.isHeld(`${repositoryClaim(inputs)}@${digest}`);
  for (const { digest, tags } of manifests) {
    if (tags.includes(keep) || isUsed(digest)) continue;
    await client.getArtifact(repository, digest).delete();
  }
  await removeLocalImages(repositoryAddress(inputs), keep);
}

/**
 * Which image of a repository stays. It is brought up to date after a rollout has succeeded, not
 * before: until then the version before it still serves, and its pods may have to be started anew.
 */
export const imageRetention: ResourceType = {
  identity: ["loginServer", "repository"],
  content: ["tag"],

  async create(inputs, run) {
    await keepOnly(inputs, run);
    return { id: repositoryAddress(inputs), outs: inputs };
  },

  async update(inputs, _state, run) {
    await keepOnly(inputs, run);
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
