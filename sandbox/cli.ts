import { down, purge, start, stop, up } from "./commands/lifecycle";
import { withLock } from "./host/lock";
import { faultText, SandboxError } from "./host/sandboxError";
import { sandboxStatus } from "./commands/status";
import { statusTable } from "./commands/statusTable";

/** Milliseconds that a command waits for another of the same checkout. */
const PATIENCE = 3_000;

const commands: Record<string, () => Promise<void>> = { up, down, start, stop, purge };

async function status(json: boolean): Promise<void> {
  const parts = await sandboxStatus();
  console.log(json ? JSON.stringify(parts, undefined, 2) : statusTable(parts));
}

async function main(name: string | undefined, options: string[]): Promise<void> {
  if (name === "status" && options.every((option) => option === "--json")) {
    await status(options.length > 0);
    return;
  }
  const command = commands[name ?? ""];
  if (command === undefined || options.length > 0) {
    const names = [...Object.keys(commands), "status [--json]"].join(" | ");
    throw new SandboxError(`usage: sandbox/run ${names}`);
  }
  await withLock("command", PATIENCE, command);
}

main(process.argv[2], process.argv.slice(3)).catch((error: unknown) => {
  process.stderr.write(`sandbox: ${faultText(error)}\n`);
  // What is no fault of the machine or of the program is one of ours: the stack tells where.
  const ours = error instanceof Error && !(error instanceof SandboxError);
  if (ours) process.stderr.write(`${error.stack ?? ""}\n`);
  process.exitCode = 1;
});
