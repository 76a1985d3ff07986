import type { Inputs } from "@pulumi/pulumi";
import { registryClient } from "./registryClient";
import { stringInput } from "./resourceType";
import { statusOf } from "./roleWait";

/** An image that has a tag. */
export interface TaggedManifest {
  readonly digest: string;
  readonly tags: readonly string[];
}

/** Images of a repository that have a tag; none where the registry does not know the repository. */
export async function taggedManifests(inputs: Inputs): Promise<readonly TaggedManifest[]> {
  const client = await registryClient(inputs);
  const repository = client.getRepository(stringInput(inputs, "repository"));
  const manifests: TaggedManifest[] = [];
  try {
    for await (const { digest, tags } of repository.listManifestProperties()) {
      // Manifests without a tag may be parts of an image that has one.
      if (tags !== undefined && tags.length > 0) manifests.push({ digest, tags });
    }
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
  return manifests;
}
