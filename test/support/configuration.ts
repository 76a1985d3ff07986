import { Faults, type Fault } from "../../components/config/faults";
import { readProgramConfig, type ProgramConfig } from "../../components/config/program";
import type { BuiltImage } from "../../components/scoringImage/config";

type Values = Readonly<Record<string, unknown>>;

const IMAGE: Values = {
  name: "myimage1",
  entryScript: "scoring/score.py",
  condaFile: "scoring/myenv.yml",
};

/** A service of the configuration; what is not given is the sample's. */
export function service(change: Values = {}, image: Values = {}): Values {
  return { models: ["best_model"], image: { ...IMAGE, ...image }, ...change };
}

/** The sample's configuration by key; the files it names are those of `SAMPLE_PROJECT`. */
export function configuration(change: Values = {}): Values {
  return {
    workspace: { mode: "new", name: "diabetes" },
    cluster: { mode: "create", name: "aml-aks-1" },
    models: { best_model: { path: "scoring/model.pkl" } },
    services: { "aks-service-1": service() },
    ...change,
  };
}

/**
 * Reads a configuration, the sample's where nothing is given.
 *
 * @returns `config`, which there is only where there are no `faults`: asking for it then throws.
 */
export function read(change: Values = {}): {
  readonly config: ProgramConfig;
  readonly faults: readonly Fault[];
} {
  const faults = new Faults();
  const config = readProgramConfig("azureml-aks", configuration(change), faults);
  return {
    get config() {
      if (config !== undefined) return config;
      throw new Error(`the configuration is faulty: ${JSON.stringify(faults.list)}`);
    },
    faults: faults.list,
  };
}

/**
 * The image of the configuration's first service.
 *
 * @throws Error when there is none that is built.
 */
export function builtImage({ services: [service] }: ProgramConfig): BuiltImage {
  if (service?.image.kind === "built") return service.image;
  throw new Error("the first service has no image that is built");
}
