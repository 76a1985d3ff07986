import { createHash } from "node:crypto";
import { Secret } from "@pulumi/kubernetes/core/v1/secret";
import type * as inputs from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";
import { RandomString } from "@pulumi/random/randomString";
import type { ServiceConfig } from "./config";
import { secretData } from "./secretData";

// Eight of 36 characters: no two of the few Secrets that a namespace ever has get the same name.
const SUFFIX = { length: 8, special: false, upper: false };

/** The settings of a service that nobody may see. */
function secretSettings({ settings, secretSettings: names }: ServiceConfig) {
  return Object.fromEntries(names.map((name) => [name, settings[name] ?? ""]));
}

/** A digest, so that even the encrypted state has each setting once; it is a secret itself. */
function digest(settings: Readonly<Record<string, string>>): pulumi.Output<string> {
  const text = JSON.stringify(Object.entries(settings).sort());
  return pulumi.secret(createHash("sha256").update(text).digest("hex"));
}

/**
 * The Secret with a service's secret settings. Each content has a name of its own, which the pods
 * name: a change rolls them, and those of the version before it keep theirs until they are gone. The
 * name is random, because a digest in it would let anybody try out what a short secret is.
 *
 * @returns the name of the Secret; undefined where no setting is secret.
 */
export function createSecretSettings(
  name: string,
  service: ServiceConfig,
  metadata: inputs.meta.v1.ObjectMeta & { readonly name: string },
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string> | undefined {
  const settings = secretSettings(service);
  if (Object.keys(settings).length === 0) return undefined;
  const suffix = new RandomString(
    `${name}-settings-suffix`,
    { ...SUFFIX, keepers: { settings: digest(settings) } },
    { parent: opts.parent, additionalSecretOutputs: ["keepers"] },
  );
  const secret = new Secret(
    `${name}-settings`,
    {
      metadata: {
        ...metadata,
        name: pulumi.interpolate`${metadata.name}-settings-${suffix.result}`,
      },
      data: secretData(settings),
    },
    opts,
  );
  return secret.metadata.name;
}
