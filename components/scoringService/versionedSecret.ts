import { createHash } from "node:crypto";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import type * as inputs from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random/randomString";

// Eight of 36 characters: no two of the few Secrets that a namespace ever has get the same name.
const SUFFIX = { length: 8, special: false, upper: false };

/** Values of a Secret by key. */
export type SecretValues = Readonly<Record<string, string | Buffer>>;

/** A digest, so that even the encrypted state has each value once; it is a secret itself. */
function digest(values: SecretValues): pulumi.Output<string> {
  const text = JSON.stringify(Object.entries(values).sort());
  return pulumi.secret(createHash("sha256").update(text).digest("hex"));
}

/** Values as a Secret has them. */
function encoded(values: SecretValues): Readonly<Record<string, pulumi.Output<string>>> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key,
      pulumi.secret(Buffer.from(value).toString("base64")),
    ]),
  );
}

/**
 * A Secret of which each content has a name of its own, which the pods name: a change rolls them, and
 * those of the version before it keep theirs until they are gone. The name is random, because a digest
 * in it would let anybody try out what a short secret is.
 *
 * @param name of the resource, and what is added to the name in the metadata.
 * @returns the name of the Secret.
 */
export function createVersionedSecret(
  { name, part }: { readonly name: string; readonly part: string },
  values: SecretValues,
  metadata: inputs.meta.v1.ObjectMeta & { readonly name: string },
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const suffix = new RandomString(
    `${name}-${part}-suffix`,
    { ...SUFFIX, keepers: { [part]: digest(values) } },
    { parent: opts.parent, additionalSecretOutputs: ["keepers"] },
  );
  const secret = new Secret(
    `${name}-${part}`,
    {
      metadata: {
        ...metadata,
        name: pulumi.interpolate`${metadata.name}-${part}-${suffix.result}`,
      },
      data: encoded(values),
    },
    opts,
  );
  return secret.metadata.name;
}
