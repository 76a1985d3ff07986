import * as pulumi from "@pulumi/pulumi";
import { isEntries } from "./entries";
import type { ConfigSecrets } from "./secrets";

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    isEntries(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value) as null)
  );
}

/**
 * A value in which everything that has a secret of the configuration in it is marked as secret, so
 * that Pulumi encrypts it in the state and shows it to nobody. Such a string becomes an output.
 */
export function seal<T>(value: T, secrets: ConfigSecrets): T {
  return secrets.isEmpty ? value : (sealed(value, secrets) as T);
}

function sealed(value: unknown, secrets: ConfigSecrets): unknown {
  if (typeof value === "string") return secrets.isIn(value) ? pulumi.secret(value) : value;
  if (typeof value === "number") {
    return secrets.isIn(String(value)) ? pulumi.secret(value) : value;
  }
  if (pulumi.Output.isInstance<unknown>(value) || value instanceof Promise) {
    const later: pulumi.Output<unknown> = pulumi.output<unknown>(value);
    return later.apply((known) => pulumi.output(sealed(known, secrets)));
  }
  if (Array.isArray(value)) return value.map((item) => sealed(item, secrets));
  if (!isPlain(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, sealed(item, secrets)]),
  );
}

/** Whether a secret stands in a value as it is; outputs are not looked into. */
function hasSecret(value: unknown, secrets: ConfigSecrets): boolean {
  if (typeof value === "string" || typeof value === "number") return secrets.isIn(String(value));
  if (Array.isArray(value)) return value.some((item) => hasSecret(item, secrets));
  return isPlain(value) && Object.values(value).some((item) => hasSecret(item, secrets));
}

/** A plugin may answer in clear what it was given as a secret, so that is said of its answers too. */
function hideOutputs(
  { resource, props, opts }: pulumi.ResourceTransformationArgs,
  secrets: ConfigSecrets,
): pulumi.ResourceOptions {
  if (!(resource instanceof pulumi.CustomResource)) return opts;
  const additionalSecretOutputs = Object.entries(props as Readonly<Record<string, unknown>>)
    .filter(([, value]) => hasSecret(value, secrets))
    .map(([key]) => key);
  return additionalSecretOutputs.length > 0
    ? pulumi.mergeOptions(opts, { additionalSecretOutputs })
    : opts;
}

/** Options that keep the configuration's secrets secret in a component and in all that lies in it. */
export function sealing(secrets: ConfigSecrets): pulumi.ComponentResourceOptions {
  if (secrets.isEmpty) return {};
  return {
    transformations: [
      (args) => ({
        props: seal(args.props, secrets),
        opts: hideOutputs(args, secrets),
      }),
    ],
  };
}
