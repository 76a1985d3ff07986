import * as pulumi from "@pulumi/pulumi";
import { ofMade } from "../outputs/ofMade";
import { FUNCTIONS, TOKEN_USER, type RegistryCredentials } from "../../dataplane/contract";

/** What signs in to a registry. */
interface Login {
  readonly username: string;
  /** Secret. */
  readonly password: pulumi.Output<string>;
}

/**
 * Short-lived credentials for pushing to a registry as the deployer.
 *
 * A preview pushes nothing and so asks for nothing: its password is one that is not known yet. That
 * is what lets a saved plan hold for any token of a later `up`, and keeps every token out of the plan.
 */
export function registryCredentials(
  args: { loginServer: pulumi.Input<string>; tenantId: string },
  opts: pulumi.InvokeOptions,
): Login {
  const password = pulumi.runtime.isDryRun()
    ? pulumi.output<string>(pulumi.unknown as unknown as string)
    : ofMade(pulumi.output(args.loginServer), async (loginServer) => {
        const known = { loginServer, tenantId: args.tenantId };
        const token = FUNCTIONS.registryCredentials;
        const answer = (await pulumi.runtime.invoke(token, known, opts)) as RegistryCredentials;
        return answer.password;
      });
  return { username: TOKEN_USER, password: pulumi.secret(password) };
}
