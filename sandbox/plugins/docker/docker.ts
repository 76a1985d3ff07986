import { stat } from "node:fs/promises";
import * as path from "node:path";
import versions from "../../versions.json";
import {
  compare,
  diffOf,
  hasUnknown,
  hideLike,
  isMap,
  reveal,
  revealMap,
  Secret,
  UNKNOWN,
  UnknownTypeError,
} from "../protocol";
import type {
  Change,
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
import { givenHost } from "./configuration";
import { hashContext } from "./context";
import { withCredential } from "./credentials";
import { reachableHost } from "./daemon";
import { checkInputs, parseImage, section } from "./inputs";
import type { ImageInputs } from "./inputs";

const IMAGE = "docker:index/image:Image";

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

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

/** Where the real plugin keeps the inputs in the state; a diff is taken from these alone. */
const KEPT_INPUTS = "__inputs";

/**
 * What changed, by properties at the top alone, as the real plugin tells it. Credentials change with
 * every login and say nothing about the image. A state without kept inputs counts as one without any.
 */
export function diffImage(oldOutputs: PropertyMap, news: PropertyMap): Diff {
  const kept = reveal(oldOutputs[KEPT_INPUTS] ?? null);
  const olds = isMap(kept) ? kept : {};
  const changes = compare(olds, news).filter(
    ({ path: [property, part], kind }) =>
      property !== "registry" || part === undefined || (part === "server" && kind === "update"),
  );
  const properties = [...new Set(changes.map(({ path: [property = ""] }) => property))];
  return diffOf(
    properties.map((property) => ({ path: [property], kind: kindOf(property, olds, news) })),
  );
}

function kindOf(property: string | number, olds: PropertyMap, news: PropertyMap): Change["kind"] {
  if ((olds[property] ?? undefined) === undefined) return "add";
  return (news[property] ?? undefined) === undefined ? "delete" : "update";
}

function outputsOf(inputs: PropertyMap, image: ImageInputs, repoDigest: string): PropertyMap {
  const { imageName, build, registry } = image;
  const outputs: PropertyMap = {
    baseImageName: imageName,
    context: build.context,
    dockerfile: path.relative(build.context, build.dockerfile),
    imageName,
    platform: build.platform,
    registryServer: registry.server ?? "",
    repoDigest,
  };
  return { ...hideSecrets(outputs, inputs), [KEPT_INPUTS]: new Secret(revealMap(inputs)) };
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

/** Stands in for the docker package where the real plugin cannot be had; offers `docker.Image`. */
export class DockerProvider implements Provider {
  readonly name = "docker";
  readonly version = versions.plugins.docker;
  private given: string | undefined;

  /** The real plugin connects to the engine here, so that not even a preview does without it. */
  async configure({ inputs }: { inputs: PropertyMap }, { signal }: Context): Promise<void> {
    this.given = givenHost(inputs);
    try {
      await reachableHost(this.given, signal);
    } catch (error) {
      throw new Error(
        `docker native provider returned an unexpected error from Configure: ${messageOf(error)}`,
        { cause: error },
      );
    }
  }

  async check({ type, news }: CheckRequest): Promise<CheckResult> {
    requireImage(type);
    const failures = checkInputs(news);
    return failures.length > 0 ? { inputs: news, failures } : completeBuild(news);
  }

  diff({ type, oldOutputs, news }: DiffRequest): Promise<Diff> {
    requireImage(type);
    return Promise.resolve(diffImage(oldOutputs, news));
  }

  async create(request: CreateRequest, context: Context) {
    requireImage(request.type);
    const outputs = await this.update(request, context);
    return { id: request.preview ? "" : parseImage(request.inputs).imageName, outputs };
  }

  /** A changed image is built and pushed just as a new one. A preview knows no more than the inputs. */
  async update({ inputs, preview }: CreateRequest, context: Context): Promise<PropertyMap> {
    if (preview) return inputs;
    const image = parseImage(inputs);
    const redact = redactor(secretsOf(inputs, image));
    const host = await reachableHost(this.given, context.signal);
    const reference = await withCredential(credentialOf(image), (env) =>
      buildAndPush(image, { ...context, redact, env: { DOCKER_HOST: host, ...env } }),
    );
    return outputsOf(inputs, image, reference);
  }

  read({ type, id, inputs, outputs }: ReadRequest) {
    requireImage(type);
    return Promise.resolve({ id, inputs, outputs });
  }
}
