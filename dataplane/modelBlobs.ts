import type { Inputs } from "@pulumi/pulumi";
import type { BlobFile } from "./contract";
import { deployerCredential } from "./credential";
import { stringInput, type ResourceType } from "./resourceType";
import { statusOf, withRole } from "./roleWait";

const BLOCK_BYTES = 8 * 1024 * 1024;
const PARALLEL_BLOCKS = 4;
const ROLE = 'the role "Storage Blob Data Contributor" on the storage account';

function files(inputs: Inputs): readonly BlobFile[] {
  const list: unknown = inputs.files;
  if (!Array.isArray(list)) throw new Error('the input "files" must be a list');
  return list as readonly BlobFile[];
}

async function container(inputs: Inputs) {
  const { BlobServiceClient } = await import("@azure/storage-blob");
  const service = new BlobServiceClient(
    stringInput(inputs, "blobEndpoint"),
    await deployerCredential(),
  );
  return service.getContainerClient(stringInput(inputs, "containerName"));
}

function blobName(inputs: Inputs, file: BlobFile): string {
  return `${stringInput(inputs, "prefix")}/${file.name}`;
}

/** Files of one version of a model below a prefix that its content decides. */
export const modelBlobs: ResourceType = {
  identity: ["blobEndpoint", "containerName", "prefix"],
  content: [],

  async create(inputs) {
    const target = await container(inputs);
    for (const file of files(inputs)) {
      const name = blobName(inputs, file);
      await withRole(`uploading ${name}, which needs ${ROLE},`, () =>
        target.getBlockBlobClient(name).uploadFile(file.source, {
          blockSize: BLOCK_BYTES,
          concurrency: PARALLEL_BLOCKS,
        }),
      );
    }
    return { id: `${target.url}/${stringInput(inputs, "prefix")}`, outs: inputs };
  },

  async exists(state) {
    const target = await container(state);
    for (const file of files(state)) {
      if (!(await target.getBlobClient(blobName(state, file)).exists())) return false;
    }
    return true;
  },

  async delete(state) {
    const target = await container(state);
    for (const file of files(state)) {
      try {
        await target.deleteBlob(blobName(state, file), { deleteSnapshots: "include" });
      } catch (error) {
        if (statusOf(error) !== 404) throw error;
      }
    }
  },
};
