import { imageClaim } from "./imageClaim";
import { stringInput, type ResourceType } from "./resourceType";

/**
 * Use of an image that was there. It makes nothing and deletes nothing: as long as it is declared, nobody
 * in the stack deletes the image, nor the repository in which it may lie.
 */
export const imageUse: ResourceType = {
  identity: ["reference"],
  content: [],
  claim: imageClaim,
  create: (inputs) => Promise.resolve({ id: stringInput(inputs, "reference"), outs: inputs }),
  exists: () => Promise.resolve(true),
  delete: () => Promise.resolve(),
};
