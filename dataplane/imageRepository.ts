import { randomUUID } from "node:crypto";
import { removeLocalImages } from "./localImages";
import { registryClient } from "./registryClient";
import { stringInput, type ResourceType } from "./resourceType";
import { statusOf } from "./roleWait";
import { taggedManifests } from "./taggedManifests";

/** The image's own name; the folders before it stay as they were when the repository was claimed. */
function ownName(repository: unknown): unknown {
  return typeof repository === "string" ? repository.split("/").at(-1) : repository;
}

/**
 * A repository of a registry that belongs to one image of one stack. It is claimed before the
 * first push, so that an interrupted run cannot leave an image that no state knows of; deleting
 * it deletes every image in it.
 */
export const imageRepository: ResourceType = {
  identity: ["loginServer", "repository"],
  content: [],
  compared: { repository: ownName },
  computed: ["generation"],

  create(inputs) {
    const id = `${stringInput(inputs, "loginServer")}/${stringInput(inputs, "repository")}`;
    return Promise.resolve({ id, outs: { ...inputs, generation: randomUUID() } });
  },

  isOutdated: ({ generation }) => generation === undefined,

  update: (_inputs, _run, state) =>
    Promise.resolve({ outs: { ...state, generation: randomUUID() } }),

  async exists(state) {
    const client = await registryClient(state);
    try {
      await client.getRepository(stringInput(state, "repository")).getProperties();
      return true;
    } catch (error) {
      if (statusOf(error) === 404) return false;
      throw error;
    }
  },

  /** Without an image in it, the repository counts as a new one, into which it is pushed again. */
  async refreshed(state) {
    const isEmpty = (await taggedManifests(state)).length === 0;
    return isEmpty ? { ...state, generation: randomUUID() } : state;
  },

  async delete(state) {
    const client = await registryClient(state);
    try {
      await client.deleteRepository(stringInput(state, "repository"));
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
    await removeLocalImages(
      `${stringInput(state, "loginServer")}/${stringInput(state, "repository")}`,
    );
  },
};
