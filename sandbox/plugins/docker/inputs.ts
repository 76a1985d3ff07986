import * as path from "node:path";
import { isMap, reveal } from "../protocol";
import type { CheckFailure, PropertyMap, PropertyValue } from "../protocol";

/** How an image is built, with defaults filled in. */
export interface Build {
  context: string;
  /** Path from the working directory, not from the context. */
  dockerfile: string;
  args: Record<string, string>;
  platform?: string;
}

/** The inputs of `docker.Image`, fully known. */
export interface ImageInputs {
  imageName: string;
  build: Build;
  registry: { server?: string; username?: string; password?: string };
}

/** What this stand-in offers: what the program asks for. */
const IMAGE_PROPERTIES = ["build", "imageName", "registry"];
const BUILD_PROPERTIES = ["args", "context", "contextDigest", "dockerfile", "platform"];
const REGISTRY_PROPERTIES = ["password", "server", "username"];

/** The SDK always sends these switches; this stand-in knows one way only, that of `false`. */
const SWITCHES = ["buildOnPreview", "skipPush"];

/** The nested object, revealed; empty when absent or not yet known. */
export function section(inputs: PropertyMap, name: string): PropertyMap {
  const value = reveal(inputs[name] ?? null);
  return isMap(value) ? value : {};
}

function stringIn(map: PropertyMap, name: string): string | undefined {
  const value = map[name];
  return typeof value === "string" ? value : undefined;
}

function stringsIn(map: PropertyMap): Record<string, string> {
  const isString = (entry: [string, PropertyValue | undefined]): entry is [string, string] =>
    typeof entry[1] === "string";
  return Object.fromEntries(Object.entries(map).filter(isString));
}

/** Reads the inputs; an unknown counts as absent. */
export function parseImage(inputs: PropertyMap): ImageInputs {
  const plain = reveal(inputs) as PropertyMap;
  const registry = section(plain, "registry");
  return {
    imageName: stringIn(plain, "imageName") ?? "",
    build: parseBuild(section(plain, "build")),
    registry: {
      server: stringIn(registry, "server"),
      username: stringIn(registry, "username"),
      password: stringIn(registry, "password"),
    },
  };
}

function parseBuild(build: PropertyMap): Build {
  const context = stringIn(build, "context") ?? ".";
  return {
    context,
    dockerfile: stringIn(build, "dockerfile") ?? path.join(context, "Dockerfile"),
    args: stringsIn(section(build, "args")),
    platform: stringIn(build, "platform"),
  };
}

/** What is wrong with the inputs themselves, without looking at files. */
export function checkInputs(inputs: PropertyMap): CheckFailure[] {
  const failures = [
    ...unknownProperties("", inputs, IMAGE_PROPERTIES, SWITCHES),
    ...unknownProperties("build.", section(inputs, "build"), BUILD_PROPERTIES),
    ...unknownProperties("registry.", section(inputs, "registry"), REGISTRY_PROPERTIES),
    ...SWITCHES.filter((name) => (inputs[name] ?? false) !== false).map((property) => ({
      property,
      reason: "this stand-in takes no other value than false",
    })),
  ];
  const { imageName } = parseImage(inputs);
  if (inputs["imageName"] === undefined) {
    failures.push({ property: "imageName", reason: "imageName is required" });
  } else if (imageName !== "" && registryOf(imageName) === undefined) {
    const reason = `"${imageName}" must name its registry, as in registry.example.com/repository:tag`;
    failures.push({ property: "imageName", reason });
  }
  return failures;
}

function unknownProperties(
  prefix: string,
  map: PropertyMap,
  offered: string[],
  tolerated: string[] = [],
): CheckFailure[] {
  return Object.keys(map)
    .filter((name) => !offered.includes(name) && !tolerated.includes(name))
    .map((name) => ({
      property: prefix + name,
      reason: `this stand-in does not offer the property; it offers ${offered.join(", ")}`,
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
