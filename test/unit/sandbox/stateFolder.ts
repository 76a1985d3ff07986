import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/**
 * Gives the sandbox's code a state folder of its own, removed after the file's tests; import it before
 * anything from `sandbox/`.
 */
export const stateFolder = fs.mkdtempSync(path.join(os.tmpdir(), "sandbox-state-"));
process.env.SANDBOX_DIR = stateFolder;
afterAll(() => fs.rmSync(stateFolder, { recursive: true, force: true }));
