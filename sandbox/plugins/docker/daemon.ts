import * as os from "node:os";
import * as path from "node:path";
import { answers } from "./cli";

const DEFAULT_HOST = "unix:///var/run/docker.sock";
/** Where Docker Desktop listens for one user, below the home folder. */
const USER_SOCKETS = [".docker/run/docker.sock", ".docker/desktop/docker.sock"];

/** Where to look for the engine. */
interface Addresses {
  /** Whether the engine is asked before it is used; an engine behind ssh is not. */
  readonly isAsked: boolean;
  /** The first that answers is the one. */
  readonly hosts: readonly [string, ...string[]];
}

/**
 * The addresses at which the real plugin looks for the engine: the given one alone, else that of
 * DOCKER_HOST alone, else the usual ones. It does not know the contexts of the docker client.
 *
 * @see configureDockerClient of pulumi-docker's provider/image.go
 */
export function addresses(
  given: string | undefined,
  env: NodeJS.ProcessEnv,
  home = os.homedir(),
): Addresses {
  const named = given ?? (env["DOCKER_HOST"] || undefined);
  if (named !== undefined) return { isAsked: !named.startsWith("ssh://"), hosts: [named] };
  const users = USER_SOCKETS.map((socket) => `unix://${path.posix.join(home, socket)}`);
  return { isAsked: true, hosts: [DEFAULT_HOST, ...users] };
}

/**
 * The address of an engine that answers.
 *
 * @throws with the real plugin's words when none does
 */
export async function reachableHost(
  given: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const { isAsked, hosts } = addresses(given, process.env);
  if (!isAsked) return hosts[0];
  for (const host of hosts) {
    if (await answers(host, signal)) return host;
  }
  throw new Error("failed to connect to any docker daemon");
}
