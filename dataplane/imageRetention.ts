import type { Inputs } from "@pulumi/pulumi";
import { registryClient } from "./registryClient";
import { stringInput, type ResourceType } from "./resourceType";

interface TaggedManifest {
  readonly digest: string;
  readonly tags: readonly string[];
}

async function taggedManifests(
  client: Awaited<ReturnType<typeof registryClient>>,
  repository: string,
): Promise<readonly TaggedManifest[]> {
  const manifests: TaggedManifest[] = [];
  for await (const { digest, tags } of client.getRepository(repository).listManifestProperties()) {
    // Manifests without a tag may be parts of an image that has one.
    if (tags !== undefined && tags.length > 0) manifests.push({ digest, tags });
  }
  return manifests;
}

/** Deletes every image of the repository but the one that is kept. */
async function keepOnly(inputs: Inputs): Promise<void> {
  const repository = stringInput(inputs, "repository");
  const keep = stringInput(inputs, "tag");
  const client = await registryClient(inputs);
  const manifests = await taggedManifests(client, repository);
  if (!manifests.some(({ tags }) => tags.includes(keep))) {
    throw new Error(
      `the registry has no image ${repository}:${keep}, though it was pushed; ` +
        "push it again with `pulumi up --replace <URN of the docker image>`",
    );
  }
  for (const { digest } of manifests.filter(({ tags }) => !tags.includes(keep))) {
    await client.getArtifact(repository, digest).delete();
  }
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
    const client = await registryClient(state);
    const manifests = await taggedManifests(client, stringInput(state, "repository"));
    return manifests.some(({ tags }) => tags.includes(keep));
  },

  // The images go with their repository.
  delete: () => Promise.resolve(),
};
