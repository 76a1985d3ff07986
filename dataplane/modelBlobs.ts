import type { Inputs } from "@pulumi/pulumi";
import { blobContainer, IN_BLOCKS } from "./blobContainer";
import type { BlobFile } from "./contract";
import { modelRefusals } from "./modelRefusals";
import { stringInput, type ResourceType } from "./resourceType";
import { statusOf, withRole } from "./roleWait";
import { joined } from "./unknown";
import { isOurs, isTheirs, markOf, uploaderOf } from "./uploader";

const IDENTITY = ["blobEndpoint", "containerName", "prefix"] as const;
/** Answers to a write that only a blob that is not there yet may take. */
const EXISTS: readonly (number | undefined)[] = [409, 412];

type Container = Awaited<ReturnType<typeof blobContainer>>;

function files(inputs: Inputs): readonly BlobFile[] {
  const list: unknown = inputs.files;
  if (!Array.isArray(list)) throw new Error('the input "files" must be a list');
  return list as readonly BlobFile[];
}

function blobName(inputs: Inputs, file: BlobFile): string {
  return `${stringInput(inputs, "prefix")}/${file.name}`;
}

/** Uploads one file; a blob that is there already is written again only if it is the stack's own. */
async function upload(target: Container, inputs: Inputs, file: BlobFile): Promise<void> {
  const name = blobName(inputs, file);
  const blob = target.getBlockBlobClient(name);
  const options = { ...IN_BLOCKS, metadata: markOf(inputs) };
  try {
    await blob.uploadFile(file.source, { ...options, conditions: { ifNoneMatch: "*" } });
  } catch (error) {
    if (!EXISTS.includes(statusOf(error))) throw error;
    const uploader = uploaderOf((await blob.getProperties()).metadata);
    if (!isOurs(uploader, inputs)) {
      throw new Error(`${name} is there already, uploaded by ${uploader.name}`, { cause: error });
    }
    // What a run left that was cut off.
    await blob.uploadFile(file.source, options);
  }
}

/** Deletes a blob unless somebody else has uploaded it. */
async function remove(target: Container, state: Inputs, file: BlobFile): Promise<void> {
  const blob = target.getBlobClient(blobName(state, file));
  try {
    const { metadata, etag } = await blob.getProperties();
    if (isTheirs(uploaderOf(metadata), state)) return;
    const conditions = etag === undefined ? {} : { ifMatch: etag };
    await blob.delete({ deleteSnapshots: "include", conditions });
  } catch (error) {
    if (statusOf(error) !== 404) throw error;
  }
}

/**
 * Files of one version of a model below a prefix that its content decides. They bear the mark of
 * the stack that uploaded them; no other overwrites or deletes them.
 */
export const modelBlobs: ResourceType = {
  identity: IDENTITY,
  content: [],

  claim(inputs) {
    const folder = joined(inputs, IDENTITY);
    return folder && `blobs ${folder}`;
  },
  refusals: modelRefusals,

  async create(inputs, run) {
    const target = await blobContainer(inputs);
    for (const file of files(inputs)) {
      const use = {
        what: `uploading ${blobName(inputs, file)}`,
        role: "Storage Blob Data Contributor",
        scope: `the storage account of ${target.url}`,
        isGranted: inputs.isGranted === true,
      };
      await withRole(use, run, () => upload(target, inputs, file));
    }
    return { id: `${target.url}/${stringInput(inputs, "prefix")}`, outs: inputs };
  },

  async exists(state) {
    const target = await blobContainer(state);
    for (const file of files(state)) {
      if (!(await target.getBlobClient(blobName(state, file)).exists())) return false;
    }
    return true;
  },

  async delete(state) {
    const target = await blobContainer(state);
    for (const file of files(state)) await remove(target, state, file);
  },
};
