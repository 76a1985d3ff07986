import {
  kubeloginMappings,
  kubeloginValues,
  loginOf,
  withSignIn,
} from "../../dataplane/signIn/kubelogin";
import type { Environment } from "../../dataplane/signIn/settings";
import type { Identity } from "../signIn/identity";
import type { LoginMethod } from "./config";

/** How kubelogin signs in: as it is told, else as azure-native does. */
export function loginMethod(
  { login }: { readonly login?: LoginMethod | undefined },
  { signIn }: Identity,
  env: Environment = process.env,
): LoginMethod {
  return login ?? (loginOf(signIn, env) as LoginMethod);
}

/**
 * The kubeconfig of Pulumi's own use: who signs in stands in it where it stands in the stack's
 * configuration, secrets included, so it must not leave the state. Nothing is added where the environment
 * says it.
 */
export function withDeployer(
  kubeconfig: string,
  { signIn, configured }: Identity,
  env: Environment = process.env,
): string {
  return withSignIn(kubeconfig, signIn, kubeloginValues(signIn, configured), env);
}

/** Variables of kubelogin by those of azure-native that tell who signs in, for the plugin that runs it. */
export function kubeloginEnvironment(
  { signIn, configured }: Identity,
  env: Environment = process.env,
): Record<string, string> {
  return { ...kubeloginMappings(signIn, configured, env) };
}
