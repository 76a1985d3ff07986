import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { layOut, PLATFORM, planBuild } from "../components/scoringImage/buildContext";
import type { BuiltImage } from "../components/scoringImage/config";
import { call, CommandError } from "./call";

/** What stops the writing of a lock. */
export class LockError extends CommandError {}

const CONTEXT = ".build/lock";
const INSTALLED = "/build/environment/installed.lock";
const TAG = "azureml-aks-lock";

/**
 * Packages of an image's environment, found by the stage of its build that installs them.
 *
 * @throws LockError when there is no Docker, or the build fails.
 */
export async function lockedEnvironment(image: BuiltImage): Promise<string> {
  requireEngine();
  const plan = planBuild({ image, models: [], serverFolder: "server" });
  layOut(plan, CONTEXT);
  const values = {
    ...plan.args,
    CREDENTIALS: JSON.stringify(image.credentials),
    // Docker would take the packages of an earlier build out of its cache.
    LOCK_TIME: new Date().toISOString(),
  };
  // Values come by variables of the environment: a command line is for all to read.
  const names = Object.keys(values).flatMap((name) => ["--build-arg", name]);
  const target = ["--target", "environment", "--platform", PLATFORM, "--tag", TAG];
  await build(["build", ...target, ...names, CONTEXT], values);
  try {
    return copied();
  } finally {
    // The image has the credentials in its history. Its layers stay, for the next build.
    docker(["image", "rm", "--no-prune", TAG]);
  }
}

function requireEngine(): void {
  const version = ["version", "--format", "{{.Server.Version}}"];
  const { error, status } = call("docker", version);
  if (error) throw new LockError("there is no docker client: install Docker and put it on PATH");
  if (status === 0) return;
  const host = process.env.DOCKER_HOST ?? "the default address";
  throw new LockError(`no Docker engine answers at ${host}: start Docker or set DOCKER_HOST`);
}

/** Runs a build, whose lines are shown as they come. */
async function build(args: readonly string[], values: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn("docker", args, {
    env: { ...process.env, BUILDKIT_PROGRESS: "plain", ...values },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface(stream).on("line", (line) => {
      lines.push(line);
      process.stderr.write(`${line}\n`);
    });
  }
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new LockError(faultOf(lines));
}

/** The one line of a failed build that says why; a fault of the environment says so itself. */
function faultOf(lines: readonly string[]): string {
  const fault = lines.map((line) => /\benvironment: (.+)$/.exec(line)?.[1]).find(Boolean);
  if (fault !== undefined) {
    return `${fault}: correct the conda file, or conda and credentials of the service's image`;
  }
  const last = lines.filter((line) => line.trim() !== "").at(-1) ?? "it printed nothing";
  return `the build failed, see above what to correct: ${last}`;
}

function copied(): string {
  const container = docker(["create", TAG, "true"]).trim();
  try {
    const output = path.join(CONTEXT, "installed.lock");
    docker(["cp", `${container}:${INSTALLED}`, output]);
    return fs.readFileSync(output, "utf8");
  } finally {
    docker(["rm", container]);
  }
}

function docker(args: readonly string[]): string {
  const { status, stdout, stderr } = call("docker", args);
  if (status === 0) return stdout;
  throw new LockError(`docker ${args[0]} failed: ${stderr.trim()}: run the command again`);
}
