import path from "node:path";
import { isMap, reveal } from "../protocol";
import type { CheckFailure, PropertyMap, PropertyValue } from "../protocol";

/** How an image is built, with defaults filled in. */
export interface Build {
  context: string;
  /** Path from the working directory, not from the context. */
  dockerfile: string;
  args: Record<string, string>;
  cacheFrom: string[];
  addHosts: string[];
  platform?: string;
  target?: string;
  network?: string;
  builderVersion?: string;
}

/** The inputs of `docker.Image`, fully known. */
export interface ImageInputs {
  imageName: string;
  build: Build;
  registry: { server?: string; username?: string; password?: string };
  skipPush: boolean;
  buildOnPreview: boolean;
}

const IMAGE_PROPERTIES = ["build", "buildOnPreview", "imageName", "registry", "skipPush"];
const BUILD_PROPERTIES = [
  "addHosts",
  "args",
  "builderVersion",
  "cacheFrom",
  "context",
  "contextDigest",
  "dockerfile",
  "network",
  "platform",
  "target",
];
const REGISTRY_PROPERTIES = ["password", "server", "username"];
const BUILDER_VERSIONS = ["BuilderV1", "BuilderBuildKit"];

/** The nested object, revealed; empty when absent or not yet known. */
export function section(inputs: PropertyMap, name: string): PropertyMap {
  const value = reveal(inputs[name] ?? null);
  return isMap(value) ? value : {};
}

function text(map: PropertyMap, name: string): string | undefined {
  const value = map[name];
  return typeof value === "string" ? value : undefined;
}

function texts(value: PropertyValue | undefined): string[] {
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === "string")
    : [];
}

function textMap(map: PropertyMap): Record<string, string> {
  const entries = Object.entries(map).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(entries);
}

/** Reads the inputs; an unknown counts as absent. */
export function parseImage(inputs: PropertyMap): ImageInputs {
  const plain = reveal(inputs) as PropertyMap;
  const registry = section(plain, "registry");
  return {
    imageName: text(plain, "imageName") ?? "",
    build: parseBuild(section(plain, "build")),
    registry: {
      server: text(registry, "server"),
      username: text(registry, "username"),
      password: text(registry, "password"),
    },
    skipPush: plain["skipPush"] === true,
    buildOnPreview: plain["buildOnPreview"] === true,
  };
}

function parseBuild(build: PropertyMap): Build {
  const context = text(build, "context") ?? ".";
  return {
    context,
    dockerfile: text(build, "dockerfile") ?? path.join(context, "Dockerfile"),
    args: textMap(section(build, "args")),
    cacheFrom: texts(section(build, "cacheFrom")["images"]),
    addHosts: texts(build["addHosts"]),
    platform: text(build, "platform"),
    target: text(build, "target"),
    network: text(build, "network"),
    builderVersion: text(build, "builderVersion"),
  };
}

/** What is wrong with the inputs themselves, without looking at files. */
export function checkInputs(inputs: PropertyMap): CheckFailure[] {
  const image = parseImage(inputs);
  const failures = [
    ...unknownProperties("", inputs, IMAGE_PROPERTIES),
    ...unknownProperties("build.", section(inputs, "build"), BUILD_PROPERTIES),
    ...unknownProperties("registry.", section(inputs, "registry"), REGISTRY_PROPERTIES),
  ];
  if (inputs["imageName"] === undefined) {
    failures.push({ property: "imageName", reason: "imageName is required" });
  }
  const needsRegistry = !image.skipPush || image.build.cacheFrom.length > 0;
  if (image.imageName !== "" && needsRegistry && registryOf(image.imageName) === undefined) {
    const reason = `"${image.imageName}" must name its registry, as in docker.io/repository/image:tag`;
    failures.push({ property: "imageName", reason });
  }
  const { builderVersion } = image.build;
  if (builderVersion !== undefined && !BUILDER_VERSIONS.includes(builderVersion)) {
    const reason = `"${builderVersion}" is none of ${BUILDER_VERSIONS.join(", ")}`;
    failures.push({ property: "build.builderVersion", reason });
  }
  return failures;
}

function unknownProperties(prefix: string, map: PropertyMap, known: string[]): CheckFailure[] {
  return Object.keys(map)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      property: prefix + name,
      reason: `unknown property; known are ${known.join(", ")}`,
    }));
}

/** The registry host of a fully qualified image name; undefined when the name has none. */
export function registryOf(imageName: string): string | undefined {
  const [host = "", ...rest] = imageName.split("/");
  const isHost = host.includes(".") || host.includes(":") || host === "localhost";
  return rest.length > 0 && isHost ? host : undefined;
}

/** The image name without tag and digest. */
export function repositoryOf(imageName: string): string {
  const [name = ""] = imageName.split("@");
  const tag = name.indexOf(":", name.lastIndexOf("/") + 1);
  return tag === -1 ? name : name.slice(0, tag);
}
