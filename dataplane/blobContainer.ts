import type { Inputs } from "@pulumi/pulumi";
import { deployerCredential } from "./credential";
import { stringInput } from "./resourceType";

/** How a file is cut into blocks that are uploaded side by side. */
export const IN_BLOCKS = { blockSize: 8 * 1024 * 1024, concurrency: 4 };

/**
 * Client of the blob container that the inputs name, signed in as the deployer.
 *
 * @param tries how often a request is tried whose failure may pass; default: as the SDK does.
 */
export async function blobContainer(inputs: Inputs, tries?: number) {
  const { BlobServiceClient } = await import("@azure/storage-blob");
  const service = new BlobServiceClient(
    stringInput(inputs, "blobEndpoint"),
    await deployerCredential(),
    tries === undefined ? {} : { retryOptions: { maxTries: tries } },
  );
  return service.getContainerClient(stringInput(inputs, "containerName"));
}
