import type { Inputs } from "@pulumi/pulumi";
import { isKnown, joined } from "./unknown";

/** Claim on all images of a repository; undefined while it is unknown which. */
export function repositoryClaim(inputs: Inputs): string | undefined {
  const repository = joined(inputs, ["loginServer", "repository"]);
  return repository && `image ${repository}`;
}

/** Claim on one image, by its reference `server/repository@sha256:…`; undefined while that is unknown. */
export function imageClaim(inputs: Inputs): string | undefined {
  return isKnown(inputs, "reference") ? `image ${String(inputs.reference)}` : undefined;
}

/** Whether a claim is held: by another one on the same, or on one of the images of a repository. */
export function isHeldBy(claims: Iterable<string>, claim: string): boolean {
  return [...claims].some((held) => held === claim || held.startsWith(`${claim}@`));
}
