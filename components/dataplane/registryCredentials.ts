import * as pulumi from "@pulumi/pulumi";
import { FUNCTIONS, type RegistryCredentials } from "../../dataplane/contract";

/**
 * Short-lived credentials for pushing to a registry as the deployer.
 *
 * A preview pushes nothing and so asks for nothing: it gets empty ones, which the docker provider
 * does not compare.
 */
export function registryCredentials(
  args: { loginServer: pulumi.Input<string>; tenantId: string },
  opts: pulumi.InvokeOptions,
): pulumi.Output<RegistryCredentials> {
  if (pulumi.runtime.isDryRun()) return pulumi.secret({ username: "", password: "" });
  const answer = pulumi
    .output(args)
    .apply((known) =>
      pulumi.runtime.invoke(FUNCTIONS.registryCredentials, known, opts),
    ) as pulumi.Output<RegistryCredentials>;
  return pulumi.secret(answer);
}
