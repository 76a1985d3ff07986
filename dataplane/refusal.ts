import type { CheckFailure } from "@pulumi/pulumi/provider";

/**
 * A refusal as a preview shows it.
 *
 * @param urn of the resource, whose project is the prefix of the key.
 * @param key of the configuration that decides it, without prefix.
 */
export function refusal(urn: string, key: string, reason: string): CheckFailure {
  // urn:pulumi:stack::project::type::name
  const [, project = ""] = urn.split("::");
  // Of no property: the inputs are the program's, and the user knows the key.
  return { property: "", reason: `${project}:${key}: ${reason}` };
}
