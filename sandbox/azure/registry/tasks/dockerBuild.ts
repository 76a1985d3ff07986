import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { createInterface } from "node:readline";
import { extract } from "tar";
import { readJson } from "../../../host/layout";
import { withCredential } from "../../../plugins/docker/credentials";
import { TOKEN_USER } from "../tokenUser";
import { buildCommand } from "./commandLine";
import type { BuildRequest } from "./runRequest";

/** What a run works with. */
export interface BuildJob {
  readonly request: BuildRequest;
  readonly loginServer: string;
  /** Signs in at the registry; empty where the run may not. */
  readonly refreshToken: string;
  /** The sandbox's state folder, which tells the engine's address. */
  readonly sandboxDir: string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
  /** Fetches the uploaded archive. */
  readonly download: (file: string) => Promise<void>;
}

/**
 * Builds an image from the uploaded context on the sandbox's engine and pushes it, with the classic
 * builder and a shell between, as Azure's builder does.
 *
 * @throws Error naming the step that failed.
 */
export async function buildAndPush(job: BuildJob): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "acr-run-"));
  try {
    job.log("Downloading source code...");
    const archive = path.join(folder, "context.tar.gz");
    const context = path.join(folder, "context");
    fs.mkdirSync(context);
    await job.download(archive);
    await extract({ file: archive, cwd: context });
    job.log("Finished downloading source code");
    await inContext(job, context);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function inContext(job: BuildJob, context: string): Promise<void> {
  const { request, loginServer, refreshToken } = job;
  const host = readJson<{ host: string }>(path.join(job.sandboxDir, "docker.json"))?.host;
  const engine = { DOCKER_BUILDKIT: "0", ...(host === undefined ? {} : { DOCKER_HOST: host }) };
  const credential = {
    server: loginServer,
    username: TOKEN_USER,
    password: refreshToken || "none",
  };
  await withCredential(credential, async (config) => {
    const env = { ...engine, ...config };
    await step(job, "build", buildCommand(request, loginServer), context, env);
    if (!request.isPushEnabled) return;
    for (const name of request.imageNames) {
      await step(job, "push", `docker push ${loginServer}/${name}`, context, env);
    }
  });
}

async function step(
  job: BuildJob,
  id: string,
  command: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  job.log(`Executing step ID: ${id}. Timeout(sec): ${job.request.timeout}`);
  const code = await shell(job, command, cwd, env);
  if (code !== 0) throw new Error(`failed to run step ID: ${id}: exit status ${code}`);
  job.log(`Successfully executed step ID: ${id}`);
}

function shell(
  { signal, log, request }: BuildJob,
  command: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const child = spawn("/bin/sh", ["-c", `exec ${command}`], {
    cwd,
    env: { ...process.env, ...env },
    signal,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const shown = (line: string) => log(withoutSecrets(line, request));
  for (const output of [child.stdout, child.stderr]) createInterface(output).on("line", shown);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
}

/** A line in which no secret argument stands, neither as it came nor without its quotes. */
function withoutSecrets(line: string, request: BuildRequest): string {
  const secrets = request.arguments
    .filter(({ isSecret, value }) => isSecret && value !== "")
    .flatMap(({ value }) => [value, value.replace(/^'(.+)'$/s, "$1")]);
  return secrets.reduce((text, secret) => text.replaceAll(secret, "***"), line);
}
