import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

/** A call of the docker client. */
export interface DockerCommand {
  args: string[];
  env?: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** Called for every line of output, of stdout and stderr. */
  onLine?: (line: string) => void;
}

/** How a call of the docker client ended. */
export interface DockerResult {
  code: number;
  stdout: string;
  /** All output in the order it came. */
  lines: string[];
}

/**
 * Runs the `docker` client.
 *
 * @throws when there is no client on PATH; the real plugin needs none
 */
export async function docker(command: DockerCommand): Promise<DockerResult> {
  const child = spawn("docker", command.args, {
    env: { ...process.env, ...command.env },
    signal: command.signal,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const stdout: string[] = [];
  const lines: string[] = [];
  const collect = (line: string, isOutput: boolean) => {
    if (isOutput) stdout.push(line);
    lines.push(line);
    command.onLine?.(line);
  };
  createInterface(child.stdout).on("line", (line) => collect(line, true));
  createInterface(child.stderr).on("line", (line) => collect(line, false));
  const code = await new Promise<number>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? new Error("this docker stand-in needs the docker client: put it on PATH")
          : error,
      ),
    );
    child.on("close", (exitCode) => resolve(exitCode ?? 1));
  });
  return { code, stdout: stdout.join("\n"), lines };
}

/** Whether an engine answers at the address. */
export async function answers(host: string, signal: AbortSignal): Promise<boolean> {
  const args = ["version", "--format", "{{.Server.Version}}"];
  const { code } = await docker({ args, env: { DOCKER_HOST: host }, signal });
  return code === 0;
}

/** Whether the client has the buildx plugin, without which it cannot use BuildKit. */
export async function hasBuildx(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<boolean> {
  const { code } = await docker({ args: ["buildx", "version"], env, signal });
  return code === 0;
}
