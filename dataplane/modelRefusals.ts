import type { Inputs } from "@pulumi/pulumi";
import type { CheckFailure } from "@pulumi/pulumi/provider";
import { blobContainer } from "./blobContainer";
import { refusal } from "./refusal";
import { stringInput } from "./resourceType";
import { isKnown, joined } from "./unknown";
import { isOurs, isTheirs, uploaderOf, type Uploader } from "./uploader";

/** What of the storage decides whether a model can be registered. */
interface Found {
  /** Who uploaded this version, where it was not this stack. */
  readonly version?: Uploader;
  /** The other stack to which the model's name belongs. */
  readonly name?: Uploader;
}

/** Looks through the blobs below the model's name. */
async function uploaders(inputs: Inputs): Promise<Found> {
  const prefix = stringInput(inputs, "prefix");
  const folder = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  const container = await blobContainer(inputs, 1);
  let found: Found = {};
  for await (const blob of container.listBlobsFlat({ prefix: folder, includeMetadata: true })) {
    const uploader = uploaderOf(blob.metadata);
    const isVersion = blob.name.startsWith(`${prefix}/`);
    if (isVersion && !isOurs(uploader, inputs)) return { version: uploader };
    if (isTheirs(uploader, inputs) && uploader.ownsName) found = { name: uploader };
  }
  return found;
}

/** The same, where the storage can be read; else the upload says what is wrong. */
async function seen(inputs: Inputs): Promise<Found> {
  const isPlaced = joined(inputs, ["blobEndpoint", "containerName", "prefix"]) !== undefined;
  if (!isPlaced) return {};
  try {
    return await uploaders(inputs);
  } catch {
    return {};
  }
}

/** Why the model's name cannot be had; undefined when it can, or is this stack's already. */
function nameRefusal(news: Inputs, { name }: Found): string | undefined {
  if (isKnown(news, "nameId")) return undefined;
  if (name !== undefined) {
    return (
      `its name is ${name.name}'s, and goes with all its versions when that stack gives it up; ` +
      "register it under another key of models"
    );
  }
  if (news.nameIsTaken === true) {
    return (
      "its name is registered in the workspace already, and not by this stack; register it under " +
      "another key of models, or set useExistingContainer: true if the name stays for good"
    );
  }
  return undefined;
}

/** Why a version cannot be uploaded; undefined when it can. */
async function newRefusal(news: Inputs): Promise<string | undefined> {
  const found = await seen(news);
  if (found.version === undefined) return nameRefusal(news, found);
  return (
    `${found.version.name} has uploaded this version of the model already, and deletes it when it ` +
    "gives it up; set existing: true to use it from this stack, or register it under another key of models"
  );
}

/** Why the name of a version cannot be given up; undefined when it is not. */
function changeRefusal(olds: Inputs, news: Inputs): string | undefined {
  if (olds.nameId === undefined || news.nameId !== undefined) return undefined;
  return (
    "its name is this stack's own, and would be deleted with all its versions; " +
    "take useExistingContainer back"
  );
}

/** Why a model cannot be uploaded or changed so, as far as a preview can tell. */
export async function modelRefusals(
  urn: string,
  news: Inputs,
  olds?: Inputs,
): Promise<readonly CheckFailure[]> {
  const reason = olds === undefined ? await newRefusal(news) : changeRefusal(olds, news);
  if (reason === undefined) return [];
  // models/NAME/VERSION
  const [, name = ""] = stringInput(news, "prefix").split("/");
  return [refusal(urn, `models.${name}`, reason)];
}
