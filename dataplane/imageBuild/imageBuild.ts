import type { Inputs } from "@pulumi/pulumi";
import { armClient } from "../armClient";
import { registryClient } from "../registryClient";
import { repositoryAddress } from "../repositoryAddress";
import { stringInput, type ResourceType } from "../resourceType";
import { statusOf } from "../roleWait";
import type { Run } from "../run";
import { followRun } from "./followRun";
import { RegistryTasks } from "./registryTasks";
import { runRequest, type ImageToBuild } from "./runRequest";
import { openLog, uploadContext } from "./taskBlobs";

const ROLE = 'the role "Container Registry Tasks Contributor" on the registry';

function imageOf(inputs: Inputs): ImageToBuild {
  return {
    repository: stringInput(inputs, "repository"),
    tag: stringInput(inputs, "tag"),
    dockerfile: stringInput(inputs, "dockerfile"),
    platform: stringInput(inputs, "platform"),
    secretArguments: inputs.secretArguments as ImageToBuild["secretArguments"],
  };
}

/** Digest of the image that has the tag; undefined where there is none. */
async function digestOf(inputs: Inputs): Promise<string | undefined> {
  const client = await registryClient(inputs);
  const tag = stringInput(inputs, "tag");
  const artifact = client.getArtifact(stringInput(inputs, "repository"), tag);
  try {
    return (await artifact.getTagProperties(tag)).digest;
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw error;
  }
}

/** Uploads the context, has a run of the registry build and push it, and waits for the end. */
async function build(inputs: Inputs, run: Run): Promise<void> {
  const tasks = new RegistryTasks(await armClient(), stringInput(inputs, "registryId"));
  const asCaller = await tasks.hasRepositoryRoles();
  const { uploadUrl, relativePath } = await tasks.uploadTarget();
  run.log.status("uploading the build context");
  await uploadContext(stringInput(inputs, "context"), uploadUrl, run.signal);
  const id = await tasks.schedule(runRequest(imageOf(inputs), relativePath, asCaller));
  const log = await openLog(await tasks.logUrl(id));
  await followRun({ id, tasks, log }, run);
}

/** What went wrong, with the image and, where the deployer may not, the missing role. */
function explained({ repository, tag }: ImageToBuild, error: unknown): Error {
  const reason = error instanceof Error ? error.message : String(error);
  const needs = statusOf(error) === 403 ? `, which needs ${ROLE}, is forbidden` : " failed";
  return new Error(`building ${repository}:${tag} in Azure${needs}: ${reason}`, { cause: error });
}

/**
 * The inputs with the image by its digest. The tag is a digest of all that the image is made of: where the
 * registry has it, as after a run that was cut off, nothing is built.
 */
async function withImage(inputs: Inputs, run: Run): Promise<Inputs> {
  const image = imageOf(inputs);
  if ((await digestOf(inputs)) === undefined) {
    await build(inputs, run).catch((error: unknown) => {
      throw explained(image, error);
    });
  }
  const digest = await digestOf(inputs);
  if (digest === undefined) {
    throw new Error(
      `the registry has no image ${image.repository}:${image.tag}, though a run pushed it`,
    );
  }
  return { ...inputs, reference: `${repositoryAddress(inputs)}@${digest}` };
}

/** An image that a task of the registry builds from a folder of this machine, without any Docker on it. */
export const imageBuild: ResourceType = {
  identity: ["loginServer", "repository"],
  content: ["tag"],
  computed: ["reference"],

  async create(inputs, run) {
    return { id: repositoryAddress(inputs), outs: await withImage(inputs, run) };
  },

  async update(inputs, _state, run) {
    return { outs: await withImage(inputs, run) };
  },

  async exists(state) {
    const digest = await digestOf(state);
    return digest !== undefined && stringInput(state, "reference").endsWith(`@${digest}`);
  },

  // The images go with their repository.
  delete: () => Promise.resolve(),
};
