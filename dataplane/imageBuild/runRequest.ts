/** An image to build, as the resource's inputs have it. */
export interface ImageToBuild {
  readonly repository: string;
  readonly tag: string;
  /** Path of the Dockerfile in the context. */
  readonly dockerfile: string;
  /** As in `linux/amd64`. */
  readonly platform: string;
  /** Arguments of the build that no log may show. */
  readonly secretArguments: Readonly<Record<string, string>>;
}

/**
 * Longest time of a run, in seconds: twice what Azure allows where nothing is said. It allows 28800.
 *
 * @see https://learn.microsoft.com/azure/container-registry/container-registry-tasks-reference-yaml
 */
const TIMEOUT_SECONDS = 7200;

/**
 * A value as the registry wants it: its builder puts the arguments into a line, takes that for a Go
 * template, and gives it to a shell.
 *
 * @see https://github.com/Azure/acr-builder (cmd/acb/commands/build, builder/context.go)
 */
export function shellWord(value: string): string {
  const quoted = `'${value.replaceAll("'", `'\\''`)}'`;
  return quoted.replaceAll("{{", `{{"{{"}}`);
}

/**
 * The request for a run that builds the image and pushes it.
 *
 * @param sourceLocation what the registry calls the uploaded context.
 * @param asCaller whether the run has to push as the one who asks for it: by itself it may write to a
 *   registry, but not to one whose roles may have conditions on repositories.
 */
export function runRequest(image: ImageToBuild, sourceLocation: string, asCaller: boolean): object {
  const [os = "", architecture = ""] = image.platform.split("/");
  return {
    type: "DockerBuildRequest",
    imageNames: [`${image.repository}:${image.tag}`],
    isPushEnabled: true,
    dockerFilePath: image.dockerfile,
    sourceLocation,
    platform: { os: os === "linux" ? "Linux" : os, architecture },
    arguments: Object.entries(image.secretArguments).map(([name, value]) => ({
      name,
      value: shellWord(value),
      isSecret: true,
    })),
    timeout: TIMEOUT_SECONDS,
    ...(asCaller && { credentials: { sourceRegistry: { identity: "[caller]" } } }),
  };
}
