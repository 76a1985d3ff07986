import * as pulumi from "@pulumi/pulumi";
import { ofMade } from "../outputs/ofMade";

/**
 * Values as a Secret has them, in base64. `stringData` would say the same, but the plugin turns it into
 * this as soon as it knows the whole object, which a saved plan then sees as a change.
 */
export function secretData(
  values: Readonly<Record<string, pulumi.Input<string>>>,
): Readonly<Record<string, pulumi.Output<string>>> {
  const encode = (value: string) => Buffer.from(value).toString("base64");
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, ofMade(pulumi.secret(value), encode)]),
  );
}
