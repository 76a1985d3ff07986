import { registryClient } from "./registryClient";
import { stringInput, type ResourceType } from "./resourceType";
import { statusOf } from "./roleWait";

/**
 * A repository of a registry that belongs to one image of one stack. It is claimed before the
 * first push, so that an interrupted run cannot leave an image that no state knows of; deleting
 * it deletes every image in it.
 */
export const imageRepository: ResourceType = {
  identity: ["loginServer", "repository"],
  content: [],

  create(inputs) {
    const id = `${stringInput(inputs, "loginServer")}/${stringInput(inputs, "repository")}`;
    return Promise.resolve({ id, outs: inputs });
  },

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

  async delete(state) {
    const client = await registryClient(state);
    try {
      await client.deleteRepository(stringInput(state, "repository"));
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
    }
  },
};
