import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
/** Docker answers in milliseconds, or does not run. */
const TIMEOUT_MS = 10_000;

async function tagsOf(repository: string): Promise<readonly string[]> {
  const args = ["image", "ls", "--format", "{{.Tag}}", repository];
  const { stdout } = await run("docker", args, { timeout: TIMEOUT_MS, env: process.env });
  return stdout.split("\n").filter((tag) => tag !== "" && tag !== "<none>");
}

/**
 * Removes the tags that earlier builds left in the Docker engine of this machine. Layers of the image
 * that stays are kept; where none stays, all are, as the engine's cache for a stack that comes back.
 * Where there is no engine nothing was built, and an image that something still uses is left for the
 * next time.
 *
 * @param repository with the registry's host.
 * @param keep tag that stays; none where the repository goes.
 */
export async function removeLocalImages(repository: string, keep?: string): Promise<void> {
  try {
    const old = (await tagsOf(repository)).filter((tag) => tag !== keep);
    if (old.length === 0) return;
    const parents = keep === undefined ? ["--no-prune"] : [];
    const images = old.map((tag) => `${repository}:${tag}`);
    await run("docker", ["image", "rm", ...parents, ...images], { env: process.env });
  } catch (error) {
    console.log(`old images of ${repository} stay in the local Docker engine: ${String(error)}`);
  }
}
