import * as pulumi from "@pulumi/pulumi";
import { readCluster } from "./cluster";
import { Faults } from "./faults";
import { readModels } from "./models";
import { nearest } from "./nearest";
import { Section } from "./section";
import { readServices } from "./services";
import type { ProgramConfig } from "./types";
import { readWorkspace } from "./workspace";

const PARTS = ["workspace", "cluster", "models", "services"] as const;

/**
 * Reads and checks a configuration given as plain objects.
 *
 * @param project name of the Pulumi project, the prefix of the keys in messages.
 * @param values the configuration by key without prefix.
 * @param faults takes what is wrong; the result is only good when it stays empty.
 */
export function readProgramConfig(
  project: string,
  values: Readonly<Record<string, unknown>>,
  faults: Faults,
): ProgramConfig {
  const part = (key: (typeof PARTS)[number]) =>
    new Section(`${project}:${key}`, values[key], faults);
  const workspace = readWorkspace(part("workspace"));
  const cluster = readCluster(part("cluster"));
  const models = readModels(part("models"));
  const services = readServices(
    part("services"),
    models.map((model) => model.name),
  );
  refuseUnknownKeys(project, values, faults);
  return { workspace, cluster, models, services };
}

function refuseUnknownKeys(
  project: string,
  values: Readonly<Record<string, unknown>>,
  faults: Faults,
): void {
  for (const [key, value] of Object.entries(values)) {
    if (PARTS.some((part) => part === key)) continue;
    const suggestion = nearest(key, PARTS);
    faults.add(
      `${project}:${key}`,
      value,
      `is not a known key; known are ${PARTS.join(", ")}`,
      suggestion === undefined ? "remove it" : `did you mean "${project}:${suggestion}"?`,
    );
  }
}

/** Values of all keys of this project in the stack's configuration, JSON parsed. */
function stackValues(project: string): Readonly<Record<string, unknown>> {
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
    // A plain text is no JSON; the reader of the key says what it should have been.
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
  return config;
}
