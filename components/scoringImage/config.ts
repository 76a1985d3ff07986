import * as v from "valibot";
import {
  name,
  oneOf,
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
import { isEntries } from "../config/entries";
import { IMAGE_NAME } from "../names/rules";
import { credentials } from "./credentials";
import { digestReference, givenImage } from "./givenImage";
import { CondaFileError } from "./environment/condaFile";
import { imageEnvironment, type ImageEnvironment } from "./environment/environment";
import { PACKAGE_SOURCES } from "./environment/plan";
import {
  condaEnvironment,
  entryScript,
  filesBesideScript,
  NAME_THE_CONDA_FILE,
  NAME_THE_SCRIPT,
  samePlace,
} from "./imageFiles";

/** Python of the server, and of a base image that needs none for the script. */
const SERVER_IMAGE = "python:3.11-slim-bookworm";

/** What machines run a built image: those of AKS's default nodes, as Docker and Kubernetes call them. */
export const BUILT_ARCHITECTURE = "amd64";

const conda = section({
  packages: withDefault(oneOf(PACKAGE_SOURCES), "channels", {
    meaning:
      "where conda packages come from: channels of conda, or PyPI by the map of known equivalents; " +
      "a file whose packages are all pip's needs neither",
  }),
  channels: optional(strings(), {
    meaning: "channels to use instead of the file's: names, URLs (also of mirrors), or folders",
    defaultText: "those of the conda file, or `conda-forge`",
  }),
});

/** Where an image is built: by a Docker engine, or by a task of the container registry. */
const BUILDERS = ["docker", "acr"] as const;

const options = {
  build: withDefault(oneOf(BUILDERS), "docker", {
    meaning:
      "by the Docker engine of this machine, which previews need too, or by a task of the container " +
      "registry, without any Docker here",
  }),
  digest: optional(digestReference(), {
    meaning:
      "an image built before, as `registry/repository@sha256:...`; then nothing is built, and no " +
      "other option of `image` is allowed",
  }),
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
  conda: withDefault(conda, {}, { meaning: "how conda packages are installed" }),
  credentials: withDefault(
    credentials(),
    {},
    {
      meaning:
        "`NAME:PASSWORD` by host, for private indexes and channels; set them with `pulumi config set --secret --path`",
    },
  ),
  systemPackages: withDefault(strings(), [], {
    meaning: "Debian packages that the script needs and the build does not find by itself",
  }),
  optionalLibraries: withDefault(strings(), [], {
    meaning: "shared libraries that may be missing, such as `libfoo.so.1`",
  }),
  baseImage: optional(string(), {
    meaning:
      "image to build on; must have Python and venv unless a channel brings Python, and apt where Debian packages are needed",
    defaultText: "`python:VERSION-slim-bookworm`, with the version in the conda file",
  }),
  serverImage: withDefault(string(), SERVER_IMAGE, {
    meaning: "image with Python, venv and pip, whose Python runs the scoring server",
  }),
};

type Check = SectionCheck<typeof options>;

/** Refuses two files for one place in the image, which would otherwise fail when it is laid out. */
function refuseSamePlace({ values, raw, report }: Check): void {
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

/** Plans the environment; refuses what cannot be served, before anything is built. */
function environmentOf({ values, raw, report }: Check): ImageEnvironment | undefined {
  const { condaFile, conda: source, baseImage } = values;
  if (condaFile === undefined || source === undefined) return undefined;
  try {
    return imageEnvironment(condaFile, { ...source, baseImage });
  } catch (error) {
    if (!(error instanceof CondaFileError)) throw error;
    const rule = `must ask for what can be installed; this one ${error.message}`;
    const remedy = error.remedy ?? NAME_THE_CONDA_FILE;
    report({ path: ["condaFile"], value: raw.condaFile, rule, remedy });
    return undefined;
  }
}

/** Looks at the options together; the environment is planned once, with its faults. */
function together(check: Check): { readonly environment: ImageEnvironment } | undefined {
  refuseSamePlace(check);
  const environment = environmentOf(check);
  return environment && { environment };
}

/** An image that is built from files of this machine. */
function builtImage(serviceName: string) {
  return v.pipe(
    section(options, together),
    v.transform(({ environment, ...image }) => {
      const { python } = environment;
      return {
        kind: "built" as const,
        build: image.build,
        name: image.name ?? serviceName,
        description: image.description,
        tags: image.tags,
        /** The entry script and the files it needs beside it. */
        code: [image.entryScript, ...image.dependencies] as const,
        environment,
        credentials: image.credentials,
        systemPackages: image.systemPackages,
        optionalLibraries: image.optionalLibraries,
        serverImage: image.serverImage,
        baseImage:
          image.baseImage ??
          (python === undefined ? SERVER_IMAGE : `python:${python}-slim-bookworm`),
      };
    }),
  );
}

export type BuiltImage = v.InferOutput<ReturnType<typeof builtImage>>;

/** What runs: an image to build, or one that is there. */
export type ImageConfig = BuiltImage | v.InferOutput<ReturnType<typeof givenImage>>;

function isGiven(value: unknown): boolean {
  return isEntries(value) && (value.digest ?? undefined) !== undefined;
}

/** `image` of a service: what goes into its image, or which one it is. */
export function imageSchema(serviceName: string) {
  const given = givenImage(options);
  const built = builtImage(serviceName);
  return v.pipe(
    v.lazy((value) => (isGiven(value) ? given : built) as v.GenericSchema<unknown, ImageConfig>),
    v.metadata({ options }),
  );
}
