import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readJson, stateFolder, writeWhole } from "./layout";
import { lives, type ProcessIdentity } from "./processes";
import { SandboxError } from "./sandboxError";

/** Bridges, packet filter chains and addresses are the host's: two sandboxes would share them. */
const CLAIM = "/run/azureml-aks-sandbox.json";

/**
 * Makes this checkout's sandbox the host's one.
 * @throws SandboxError when another checkout's runs.
 */
export function claimHost(): void {
  const other = readJson<{ stateFolder: string }>(CLAIM)?.stateFolder;
  if (other !== undefined && other !== stateFolder && runsIn(other)) {
    throw new SandboxError(
      `the sandbox of ${other} runs on this machine, and there can be one at a time`,
      "Run `npm run sandbox:down` there first",
    );
  }
  writeWhole(CLAIM, JSON.stringify({ stateFolder }));
}

/** Lets another checkout's sandbox be the host's one. */
export function releaseHost(): void {
  if (readJson<{ stateFolder: string }>(CLAIM)?.stateFolder === stateFolder) rmSync(CLAIM);
}

function runsIn(folder: string): boolean {
  const run = join(folder, "run");
  if (!existsSync(run)) return false;
  const files = readdirSync(run).filter((name) => name.endsWith(".pid"));
  const identities = files.map((name) => readJson<ProcessIdentity>(join(run, name)));
  return identities.some((identity) => identity !== undefined && lives(identity));
}
