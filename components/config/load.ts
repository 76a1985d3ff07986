import * as pulumi from "@pulumi/pulumi";
import type { Entries } from "./entries";
import { Faults } from "./faults";
import { readProgramConfig, type ProgramConfig } from "./program";

/** Values of all keys of this project in the stack's configuration, JSON parsed. */
function stackValues(project: string): Entries {
  const config = new pulumi.Config(project);
  const prefix = `${project}:`;
  const keys = Object.keys(pulumi.runtime.allConfig()).filter((key) => key.startsWith(prefix));
  return Object.fromEntries(
    keys.map((key) => {
      const name = key.slice(prefix.length);
      return [name, parse(config.get(name))];
    }),
  );
}

function parse(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    // A plain string is no JSON; the schema of the key says what it should have been.
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/**
 * The stack's configuration, checked as a whole before any resource is registered.
 *
 * @throws pulumi.RunError listing every fault with its key, value, rule and remedy.
 */
export function loadConfig(): ProgramConfig {
  const faults = new Faults();
  const project = pulumi.getProject();
  const config = readProgramConfig(project, stackValues(project), faults);
  faults.throwIfAny();
  if (config === undefined) {
    throw new Error("the configuration was not read, and no fault says why");
  }
  return config;
}
