import { stat } from "node:fs/promises";
import path from "node:path";
import { compare, diffOf, hasUnknown, hideLike, isMap, Secret } from "../protocol";
import { UNKNOWN, UnknownTypeError } from "../protocol";
import type {
  CheckFailure,
  Context,
  Diff,
  PropertyMap,
  PropertyValue,
  Provider,
} from "../protocol";
import versions from "../../versions.json";
import { buildAndPush, credentialOf, redactor } from "./build";
import { engineVariables } from "./configuration";
import { hashContext } from "./context";
import { withCredential } from "./credentials";
import { checkInputs, parseImage, section } from "./inputs";
import type { ImageInputs } from "./inputs";

const IMAGE = "docker:index/image:Image";

function requireImage(type: string): void {
  if (type !== IMAGE) throw new UnknownTypeError("docker", type, [IMAGE]);
}

/** The platform images are built for by default: the engine's containers are Linux everywhere. */
const HOST_PLATFORM = `linux/${process.arch === "x64" ? "amd64" : process.arch}`;

/** Whether it is still unknown which files the image is built from. */
function isContextUnknown(inputs: PropertyMap): boolean {
  const build = inputs["build"];
  if (!isMap(build)) return hasUnknown(build);
  return hasUnknown(build["context"]) || hasUnknown(build["dockerfile"]);
}

/**
 * Adds the platform and the digest of the build context to the inputs, so that a changed file is a changed
 * input. A context that is not known yet has a digest that is not known yet.
 */
async function completeBuild(
  news: PropertyMap,
): Promise<{ inputs: PropertyMap; failures?: CheckFailure[] }> {
  const given = isMap(news["build"]) ? news["build"] : section(news, "build");
  const complete = (contextDigest: PropertyValue): PropertyMap => ({
    ...news,
    build: { ...given, platform: given["platform"] ?? HOST_PLATFORM, contextDigest },
  });
  if (isContextUnknown(news)) return { inputs: complete(UNKNOWN) };
  const { context, dockerfile } = parseImage(news).build;
  const reason = await missingFile(context, dockerfile);
  if (reason !== undefined) return { inputs: news, failures: [{ property: "build", reason }] };
  return { inputs: complete(await hashContext(context, dockerfile)) };
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  );
}

async function missingFile(context: string, dockerfile: string): Promise<string | undefined> {
  if (!(await exists(context))) {
    return `the build context ${context} does not exist (from ${process.cwd()})`;
  }
  if (await exists(dockerfile)) return undefined;
  const inContext = path.join(context, dockerfile);
  const hint = (await exists(inContext)) ? `; try setting dockerfile to ${inContext}` : "";
  return `there is no Dockerfile at ${dockerfile} (from ${process.cwd()})${hint}`;
}

/** Credentials change with every login and say nothing about the image. */
export function diffImage(olds: PropertyMap, news: PropertyMap): Diff {
  const changes = compare(olds, news).filter(
    ({ path: [section, property] }) =>
      section !== "registry" || (property !== "username" && property !== "password"),
  );
  return diffOf(changes);
}

function outputsOf(image: ImageInputs, repoDigest: PropertyValue): PropertyMap {
  const { imageName, build, registry } = image;
  return {
    baseImageName: imageName,
    context: build.context,
    dockerfile: path.relative(build.context, build.dockerfile),
    imageName,
    platform: build.platform,
    registryServer: registry.server ?? "",
    repoDigest,
  };
}

/** An image name that carries a secret makes all that is made of it secret. */
function hideSecrets(outputs: PropertyMap, inputs: PropertyMap): PropertyMap {
  const name = inputs["imageName"];
  const build = inputs["build"];
  return hideLike(outputs, {
    ...(isMap(build) ? build : {}),
    imageName: name,
    baseImageName: name,
    repoDigest: name,
  }) as PropertyMap;
}

function secretsOf(inputs: PropertyMap, image: ImageInputs): string[] {
  const build = inputs["build"];
  const args = isMap(build) ? build["args"] : undefined;
  const values = isMap(args) ? Object.values(args) : [];
  const secretArgs = values.filter((value) => value instanceof Secret).map(({ value }) => value);
  return [image.registry.password, ...secretArgs].filter((value) => typeof value === "string");
}

/** What is known of the outputs before the image is built. */
function previewOutputs(inputs: PropertyMap): PropertyMap {
  const outputs = outputsOf(parseImage(inputs), UNKNOWN);
  const unless = (pending: boolean, names: string[]): PropertyMap =>
    pending ? Object.fromEntries(names.map((name) => [name, UNKNOWN])) : {};
  return {
    ...outputs,
    ...unless(hasUnknown(inputs["imageName"]), ["imageName", "baseImageName"]),
    ...unless(isContextUnknown(inputs), ["context", "dockerfile", "platform"]),
    ...unless(hasUnknown(inputs["registry"]), ["registryServer"]),
  };
}

async function deploy(
  inputs: PropertyMap,
  context: Context,
  engine: NodeJS.ProcessEnv,
): Promise<PropertyMap> {
  const image = parseImage(inputs);
  const redact = redactor(secretsOf(inputs, image));
  const reference = await withCredential(credentialOf(image), (env) =>
    buildAndPush(image, { ...context, redact, env: { ...engine, ...env } }),
  );
  return hideSecrets(outputsOf(image, reference), inputs);
}

/** Stands in for the docker package where the real plugin cannot be had; offers `docker.Image`. */
export function createDockerProvider(): Provider {
  let engine: NodeJS.ProcessEnv = {};

  const perform = (inputs: PropertyMap, isPreview: boolean, context: Context) =>
    isPreview
      ? Promise.resolve(hideSecrets(previewOutputs(inputs), inputs))
      : deploy(inputs, context, engine);

  return {
    name: "docker",
    version: versions.plugins.docker,
    configure: ({ inputs }) => {
      engine = engineVariables(inputs);
      return Promise.resolve();
    },
    check: async ({ type, news }) => {
      requireImage(type);
      const failures = checkInputs(news);
      if (failures.length > 0) return { inputs: news, failures };
      return completeBuild(news);
    },
    diff: ({ type, oldInputs, news }) => {
      requireImage(type);
      return Promise.resolve(diffImage(oldInputs, news));
    },
    create: async ({ type, inputs, preview }, context) => {
      requireImage(type);
      const outputs = await perform(inputs, preview, context);
      return { id: parseImage(inputs).imageName, outputs };
    },
    update: ({ inputs, preview }, context) => perform(inputs, preview, context),
    read: ({ type, id, inputs, outputs }) => {
      requireImage(type);
      return Promise.resolve({ id, inputs, outputs });
    },
  };
}
