import * as v from "valibot";
import {
  name,
  optional,
  required,
  section,
  string,
  stringMap,
  strings,
  text,
  withDefault,
  type SectionCheck,
} from "../config/schema";
import { IMAGE_NAME } from "../names/rules";
import {
  condaEnvironment,
  entryScript,
  filesBesideScript,
  NAME_THE_CONDA_FILE,
  NAME_THE_SCRIPT,
  samePlace,
} from "./imageFiles";

/** Python of the image where the conda file names none. */
const DEFAULT_PYTHON = "3.11";

const options = {
  entryScript: required(
    v.pipe(string(), ...entryScript()),
    { remedy: NAME_THE_SCRIPT },
    { meaning: "path of `score.py`" },
  ),
  condaFile: required(
    v.pipe(string(), ...condaEnvironment()),
    { remedy: NAME_THE_CONDA_FILE },
    { meaning: "path of `myenv.yml`" },
  ),
  dependencies: withDefault(v.pipe(strings(), filesBesideScript()), [], {
    meaning: "paths of files and folders to put beside the script",
  }),
  name: optional(name(IMAGE_NAME), {
    meaning: "name of the image; each service has one of its own",
    defaultText: "the service's name",
  }),
  description: withDefault(text(), "", { meaning: "a label of the image" }),
  tags: withDefault(stringMap(), {}, { meaning: "a label of the image" }),
  baseImage: optional(string(), {
    meaning: "image to build on; must have Python, venv and pip",
    defaultText: "`python:VERSION-slim-bookworm`, with the version in the conda file",
  }),
};

/** Refuses two files for one place in the image, which would otherwise fail when it is laid out. */
function refuseSamePlace({ values, raw, report }: SectionCheck<typeof options>): void {
  const { entryScript: script, dependencies = [] } = values;
  if (script === undefined) return;
  const [one, other] = samePlace([script, ...dependencies]) ?? [];
  if (one === undefined || other === undefined) return;
  report({
    path: ["dependencies"],
    value: raw.dependencies,
    rule: `must not give two files one place beside the script; "${one.source}" and "${other.source}" do`,
    remedy: "leave one of them out, or rename it",
  });
}

/** `image` of a service: what goes into its image. */
export function imageSchema(serviceName: string) {
  return v.pipe(
    section(options, refuseSamePlace),
    v.transform(({ entryScript: script, dependencies, condaFile, ...image }) => ({
      name: image.name ?? serviceName,
      description: image.description,
      tags: image.tags,
      /** The entry script and the files it needs beside it. */
      code: [script, ...dependencies] as const,
      condaFile: condaFile.file,
      baseImage:
        image.baseImage ?? `python:${condaFile.pythonVersion ?? DEFAULT_PYTHON}-slim-bookworm`,
    })),
  );
}

export type ImageConfig = v.InferOutput<ReturnType<typeof imageSchema>>;
