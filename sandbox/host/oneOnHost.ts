import * as fs from "node:fs";
import { pidFolder } from "./daemons";
import { readJson, stateFolder, writeWhole } from "./layout";
import { PidFile } from "./pidFile";
import { SandboxError } from "./sandboxError";

/** Bridges, packet filter chains and addresses are the host's: two sandboxes would share them. */
const CLAIM = "/run/azureml-aks-sandbox.json";

/**
 * Makes this checkout's sandbox the only one of the host.
 * @throws SandboxError when the sandbox of another checkout is running.
 */
export function claimHost(): void {
  const other = readJson<{ stateFolder: string }>(CLAIM)?.stateFolder;
  if (other !== undefined && other !== stateFolder && runsIn(other)) {
    throw new SandboxError(
      `the sandbox of ${other} is running on this machine, and there can be one at a time`,
      "Run `npm run sandbox:down` there first",
    );
  }
  writeWhole(CLAIM, JSON.stringify({ stateFolder }));
}

/** Lets the sandbox of another checkout start. */
export function releaseHost(): void {
  if (readJson<{ stateFolder: string }>(CLAIM)?.stateFolder === stateFolder) fs.rmSync(CLAIM);
}

function runsIn(folder: string): boolean {
  return PidFile.all(pidFolder(folder)).some((file) => file.living() !== undefined);
}
