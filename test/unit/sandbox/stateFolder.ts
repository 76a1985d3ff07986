import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Gives the sandbox's code a state folder of its own; import it before anything from `sandbox/`. */
export const stateFolder = mkdtempSync(join(tmpdir(), "sandbox-state-"));
process.env.SANDBOX_DIR = stateFolder;
