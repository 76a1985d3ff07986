import type { Log } from "../protocol";
import { docker, hasBuildx } from "./cli";
import type { RegistryCredential } from "./credentials";
import { registryOf, repositoryOf } from "./inputs";
import type { ImageInputs } from "./inputs";

/** Where and how the client runs. */
export interface Session {
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  log: Log;
  /** Takes secrets out of a line of output. */
  redact: (line: string) => string;
}

/** Enough to show the failing instruction and its output. */
const LINES_IN_ERROR = 30;

/** The client advises against the classic builder on every use; there is no choice without buildx. */
const LEGACY_NOTICE = /^DEPRECATED: The legacy builder|^ {4,}\S.*(BuildKit|environment-variable)/;

/** Variables the client itself obeys: a build argument of that name must not reach it as one. */
const CLIENT_VARIABLES = /^(DOCKER_.*|BUILDX_.*|PATH|HOME|TMPDIR|NODE_.*)$/;

/** The credential that the inputs give for the image's registry; undefined when it is not complete. */
export function credentialOf({ registry, imageName }: ImageInputs): RegistryCredential | undefined {
  const { username, password } = registry;
  const server = registry.server ?? registryOf(imageName);
  return server && username && password ? { server, username, password } : undefined;
}

/** A line without any of the secrets. */
export function redactor(secrets: string[]): (line: string) => string {
  const hidden = secrets.filter((secret) => secret.length > 0);
  return (line) => hidden.reduce((text, secret) => text.replaceAll(secret, "[secret]"), line);
}

/**
 * Builds the image and pushes it. BuildKit builds it where the client has it, else the classic builder.
 *
 * @returns `repository@sha256:…` of the pushed image
 */
export async function buildAndPush(image: ImageInputs, session: Session): Promise<string> {
  const { env, signal, log } = session;
  const buildKit = await hasBuildx(env, signal);
  log.status(`Building ${image.imageName}`);
  await run(session, `building ${image.imageName}`, buildArguments(image, buildKit), {
    ...buildVariables(image.build.args),
    DOCKER_BUILDKIT: buildKit ? "1" : "0",
    BUILDKIT_PROGRESS: "plain",
  });
  return pushImage(image.imageName, session);
}

/** The arguments of `docker build`. Values of build arguments are passed by the environment. */
export function buildArguments({ imageName, build }: ImageInputs, buildKit: boolean): string[] {
  const buildArgs = Object.entries(build.args).flatMap(([key, value]) => [
    "--build-arg",
    CLIENT_VARIABLES.test(key) ? `${key}=${value}` : key,
  ]);
  return [
    ...(buildKit ? ["buildx", "build", "--load"] : ["build"]),
    ...["--file", build.dockerfile, "--tag", imageName],
    ...(build.platform === undefined ? [] : ["--platform", build.platform]),
    ...buildArgs,
    build.context,
  ];
}

function buildVariables(args: Record<string, string>): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(args).filter(([key]) => !CLIENT_VARIABLES.test(key)));
}

async function pushImage(imageName: string, session: Session): Promise<string> {
  session.log.status(`Pushing ${imageName}`);
  const lines = await run(session, `pushing ${imageName}`, ["push", imageName], {});
  const digest = pushedDigest(lines);
  if (digest === undefined) {
    throw new Error(`pushing ${imageName}: the client reported no digest:\n${lines.join("\n")}`);
  }
  return `${repositoryOf(imageName)}@${digest}`;
}

/**
 * The digest that a push ends with. Not taken from the image's list of digests, which can also hold those
 * of earlier pushes of the same layers.
 */
export function pushedDigest(lines: string[]): string | undefined {
  const found = lines.map((line) => /digest: (sha256:[0-9a-f]{64})/.exec(line)?.[1]);
  return found.findLast((digest) => digest !== undefined);
}

async function run(
  { env, signal, log, redact }: Session,
  purpose: string,
  args: string[],
  variables: NodeJS.ProcessEnv,
): Promise<string[]> {
  const onLine = (line: string) => {
    if (!LEGACY_NOTICE.test(line)) log.status(redact(line));
  };
  const { code, lines } = await docker({ args, env: { ...variables, ...env }, signal, onLine });
  if (code === 0) return lines;
  const telling = lines.filter((line) => line.trim() !== "" && !LEGACY_NOTICE.test(line));
  const tail = telling.slice(-LINES_IN_ERROR).map(redact).join("\n");
  throw new Error(`${purpose} failed (docker exited with ${code}):\n${tail}`);
}
