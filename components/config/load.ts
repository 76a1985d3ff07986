import * as pulumi from "@pulumi/pulumi";
import { isConfigSecret } from "@pulumi/pulumi/runtime/config";
import type { Entries } from "./entries";
import { checkIdentity } from "../signIn/check";
import { runsAs } from "../signIn/identity";
import { Faults } from "./faults";
import { readProgramConfig, type ProgramConfig } from "./program";
import { ConfigSecrets } from "./secrets";
import { stackFile } from "./stackFile";

// The SDK's own `Config` asks this; only its types leave the function out.
declare module "@pulumi/pulumi/runtime/config" {
  export function isConfigSecret(key: string): boolean;
}

/** What all entries whose key starts with a prefix are, without it. */
function below(prefix: string, entries: Entries): Entries {
  const ours = Object.entries(entries).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(ours.map(([key, value]) => [key.slice(prefix.length), value]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // A plain string is no JSON; the schema of the key says what it should have been.
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Name of the project as it comes; a copy with another name has keys with that name. */
const ORIGINAL = "azureml-aks";

/** Refuses keys that were written for the project's original name, and would count for nothing. */
function refuseKeysOfOriginal(project: string, faults: Faults): void {
  if (project === ORIGINAL) return;
  for (const key of Object.keys(pulumi.runtime.allConfig())) {
    const [namespace, name = ""] = key.split(":");
    if (namespace !== ORIGINAL) continue;
    faults.add({
      key,
      value: name,
      rule: `must have the name of this project, which is ${project}`,
      remedy: `rename the key to ${project}:${name}`,
    });
  }
}

/** Values of all keys of this project in the stack's configuration, JSON parsed. */
function stackValues(prefix: string): Entries {
  const texts = Object.entries(pulumi.runtime.allConfig());
  return below(prefix, Object.fromEntries(texts.map(([key, text]) => [key, parse(text)])));
}

function secretsOf(prefix: string, values: Entries): ConfigSecrets {
  const secret = Object.entries(values).filter(([key]) => isConfigSecret(`${prefix}${key}`));
  if (secret.length === 0) return ConfigSecrets.none;
  return ConfigSecrets.of(Object.fromEntries(secret), below(prefix, stackFile(pulumi.getStack())));
}

/**
 * The stack's configuration, checked as a whole before any resource is registered; with it the settings
 * by which azure-native signs in.
 *
 * @throws pulumi.RunError listing every fault with its key, value, rule and remedy.
 */
export function loadConfig(): ProgramConfig {
  const project = pulumi.getProject();
  const values = stackValues(`${project}:`);
  const secrets = secretsOf(`${project}:`, values);
  const faults = new Faults(secrets);
  refuseKeysOfOriginal(project, faults);
  checkIdentity(runsAs(), faults);
  const config = readProgramConfig(project, values, faults, secrets);
  faults.throwIfAny();
  if (config === undefined) {
    throw new Error("the configuration was not read, and no fault says why");
  }
  return config;
}
