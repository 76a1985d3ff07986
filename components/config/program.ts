import { clusterSchema } from "../aksCluster/config";
import { refuseArmNodes } from "../aksCluster/nodeArchitecture";
import { workspaceSchema } from "../mlWorkspace/config";
import { modelsSchema } from "../registeredModel/config";
import { servicesSchema } from "../scoringService/config";
import { isEntries, type Entries } from "./entries";
import type { Faults } from "./faults";
import { withDefault, type Report } from "./schema";
import { readOptions, reportUnknown, type Values } from "./schema/section";
import { ConfigSecrets } from "./secrets";

/**
 * The whole configuration of a stack: its four keys. Types, defaults, checks, the tables of the
 * README and the `config` of Pulumi.yaml all come from here.
 *
 * @param models names of the models, which services refer to.
 * @param secrets settings that are secret reach the pods another way.
 */
export function programSchema(models: readonly string[], secrets = ConfigSecrets.none) {
  return {
    workspace: withDefault(
      workspaceSchema,
      {},
      {
        meaning: "The Azure ML workspace, new or existing",
      },
    ),
    cluster: withDefault(clusterSchema, {}, { meaning: "The AKS cluster, created or attached" }),
    models: withDefault(modelsSchema, {}, { meaning: "Models to register, by name" }),
    services: withDefault(
      servicesSchema(models, (...path) => secrets.hasPath(["services", ...path])),
      {},
      {
        meaning: "Scoring services to run, by name",
      },
    ),
  };
}

/** The whole configuration, checked. */
export type ProgramConfig = Values<ReturnType<typeof programSchema>> & {
  /** Which of its values must stay secret. */
  readonly secrets: ConfigSecrets;
};

/**
 * Reads and checks a configuration given as plain objects.
 *
 * @param project name of the Pulumi project, the prefix of the keys in messages.
 * @param values the configuration by key without prefix.
 * @param faults takes what is wrong.
 * @param secrets values that must stay secret.
 * @returns undefined when anything is wrong.
 */
export function readProgramConfig(
  project: string,
  values: Entries,
  faults: Faults,
  secrets = ConfigSecrets.none,
): ProgramConfig | undefined {
  const models = isEntries(values.models) ? Object.keys(values.models) : [];
  const schema = programSchema(models, secrets);
  const report: Report = ({ path, ...finding }) =>
    faults.add({ key: `${project}:${path.join(".")}`, ...finding });
  const { workspace, cluster, models: registered, services } = readOptions(schema, values, report);
  reportUnknown(schema, values, report, { shown: Object.keys(schema), prefix: `${project}:` });
  if (cluster && services) {
    const built = services.filter(({ image }) => image.kind === "built").map(({ name }) => name);
    refuseArmNodes(cluster, built, values, report);
  }
  if (!workspace || !cluster || !registered || !services || faults.list.length > 0) {
    return undefined;
  }
  return { workspace, cluster, models: registered, services, secrets };
}
