import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Tells one version of a specification from another: the start of the SHA-256 of its JSON. */
export function versionOf(specification: pulumi.Input<object>): pulumi.Output<string> {
  return pulumi
    .output(specification)
    .apply((known) =>
      createHash("sha256").update(JSON.stringify(known)).digest("hex").slice(0, 16),
    );
}
