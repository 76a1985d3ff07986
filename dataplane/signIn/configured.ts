import type { Inputs } from "@pulumi/pulumi";
import { reveal } from "../secretInputs";
import { kubeloginMappings, kubeloginValues, withSignIn } from "./kubelogin";
import { resolved, settingsIn, type Settings } from "./settings";
import { chooseSignIn } from "./signIn";

let configured: Settings = {};

/** Takes the settings that the program hands to this provider; the engine says them once, at the start. */
export function configure(inputs: Inputs): void {
  configured = settingsIn(reveal(inputs));
}

/** The settings that count in this process. */
export function configuredSettings(): Settings {
  return resolved(configured, process.env);
}

/** A kubeconfig whose kubelogin signs in as the identity of this process. */
export function withDeployer(kubeconfig: string): string {
  const signIn = chooseSignIn(configuredSettings());
  const mapped = Object.entries(kubeloginMappings(signIn, configured, process.env)).map(
    ([source, name]) => [name, process.env[source] ?? ""] as const,
  );
  const values = { ...Object.fromEntries(mapped), ...kubeloginValues(signIn, configured) };
  return withSignIn(kubeconfig, signIn, values, process.env);
}
