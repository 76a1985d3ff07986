import { randomUUID } from "node:crypto";
import type { Inputs } from "@pulumi/pulumi";
import { repositoryClaim } from "./imageClaim";
import { removeLocalImages } from "./localImages";
import { refusal } from "./refusal";
import { registryClient } from "./registryClient";
import { repositoryAddress } from "./repositoryAddress";
import { stringInput, type ResourceType } from "./resourceType";
import { statusOf } from "./roleWait";
import { taggedManifests } from "./taggedManifests";
import { joined } from "./unknown";

/** The image's own name; the folders before it stay as they were when the repository was claimed. */
function ownName(repository: unknown): unknown {
  return typeof repository === "string" ? repository.split("/").at(-1) : repository;
}

const IDENTITY = ["loginServer", "repository"] as const;

async function exists(state: Inputs): Promise<boolean> {
  const client = await registryClient(state);
  try {
    await client.getRepository(stringInput(state, "repository")).getProperties();
    return true;
  } catch (error) {
    if (statusOf(error) === 404) return false;
    throw error;
  }
}

/** Whether the registry says that the repository is there; what it does not let us see is not. */
async function isSeen(inputs: Inputs): Promise<boolean> {
  try {
    return await exists(inputs);
  } catch {
    // Without the right to read, or without the network, the push says what is wrong.
    return false;
  }
}

/**
 * A repository of a registry that belongs to one image of one stack. It is claimed before the
 * first push, so that an interrupted run cannot leave an image that no state knows of; deleting
 * it deletes every image in it. What is there before the claim is somebody else's.
 */
export const imageRepository: ResourceType = {
  identity: IDENTITY,
  content: [],
  compared: { repository: ownName },
  computed: ["generation"],

  claim: repositoryClaim,

  async refusals(urn, news, olds) {
    if (olds !== undefined || joined(news, IDENTITY) === undefined || !(await isSeen(news))) {
      return [];
    }
    const repository = stringInput(news, "repository");
    const [registry = ""] = stringInput(news, "loginServer").split(".");
    const reason =
      `the registry has a repository "${repository}" that this stack did not make, and whose images ` +
      "it would delete with its own. Give the service another image.name, or delete the repository: " +
      `az acr repository delete --name ${registry} --repository ${repository}`;
    return [refusal(urn, "services", reason)];
  },

  create(inputs) {
    const outs = { ...inputs, generation: randomUUID() };
    return Promise.resolve({ id: repositoryAddress(inputs), outs });
  },

  isOutdated: ({ generation }) => generation === undefined,

  update: (_inputs, state) => Promise.resolve({ outs: { ...state, generation: randomUUID() } }),

  exists,

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
    await removeLocalImages(repositoryAddress(state));
  },
};
