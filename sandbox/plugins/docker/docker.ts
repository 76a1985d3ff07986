import { stat } from "node:fs/promises";
import * as path from "node:path";
import versions from "../../versions.json";
import {
  compare,
  diffOf,
  hasUnknown,
  hideLike,
  isMap,
  Secret,
  UNKNOWN,
  UnknownTypeError,
} from "../protocol";
import type {
  CheckRequest,
  CheckResult,
  Context,
  CreateRequest,
  Diff,
  DiffRequest,
  PropertyMap,
  PropertyValue,
  Provider,
  ReadRequest,
} from "../protocol";
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
async function completeBuild(news: PropertyMap): Promise<CheckResult> {
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

/** Stands in for the docker package where the real plugin cannot be had; offers `docker.Image`. */
export class DockerProvider implements Provider {
  readonly name = "docker";
  readonly version = versions.plugins.docker;
  private engine: NodeJS.ProcessEnv = {};

  configure({ inputs }: { inputs: PropertyMap }): Promise<void> {
    this.engine = engineVariables(inputs);
    return Promise.resolve();
  }

  async check({ type, news }: CheckRequest): Promise<CheckResult> {
    requireImage(type);
    const failures = checkInputs(news);
    return failures.length > 0 ? { inputs: news, failures } : completeBuild(news);
  }

  diff({ type, oldInputs, news }: DiffRequest): Promise<Diff> {
    requireImage(type);
    return Promise.resolve(diffImage(oldInputs, news));
  }

  async create(request: CreateRequest, context: Context) {
    requireImage(request.type);
    const outputs = await this.update(request, context);
    return { id: parseImage(request.inputs).imageName, outputs };
  }

  /** A changed image is built and pushed just as a new one. */
  async update({ inputs, preview }: CreateRequest, context: Context): Promise<PropertyMap> {
    if (preview) return hideSecrets(previewOutputs(inputs), inputs);
    const image = parseImage(inputs);
    const redact = redactor(secretsOf(inputs, image));
    const reference = await withCredential(credentialOf(image), (env) =>
      buildAndPush(image, { ...context, redact, env: { ...this.engine, ...env } }),
    );
    return hideSecrets(outputsOf(image, reference), inputs);
  }

  read({ type, id, inputs, outputs }: ReadRequest) {
    requireImage(type);
    return Promise.resolve({ id, inputs, outputs });
  }
}
