import { randomUUID } from "node:crypto";
import type { Inputs } from "@pulumi/pulumi";
import { repositoryClaim } from "./imageClaim";
import { removeLocalImages } from "./localImages";
import { refusal } from "./refusal";
import { registryClient } from "./registryClient";
import { repositoryAddress } from "./repositoryAddress";
import { stringInput, type ResourceType } from "./resourceType";
import { RoleMissing, statusOf, withRole } from "./roleWait";
import { taggedManifests } from "./taggedManifests";
import { pushRights } from "./pushRights";
import type { Run } from "./run";
import { isKnown, joined } from "./unknown";

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

/** Docker's own client would fail at once: it is the right to push that the push waits for. */
function untilPushable(inputs: Inputs, run: Run): Promise<void> {
  const use = {
    what: `pushing to ${repositoryAddress(inputs)}`,
    role: "AcrPush",
    scope: `the registry ${stringInput(inputs, "loginServer")}`,
    isGranted: inputs.isGranted === true,
  };
  return withRole(use, run, async () => {
    const rights = await pushRights(inputs);
    if (!rights.includes("push")) throw new RoleMissing("the registry grants no push");
  });
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

  async create(inputs, run) {
    if (isKnown(inputs, "pushTenantId")) await untilPushable(inputs, run);
    return { id: repositoryAddress(inputs), outs: { ...inputs, generation: randomUUID() } };
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
