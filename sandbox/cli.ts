import { down } from "./commands/down";
import { FAULT_PLANS, injectFaults } from "./commands/faults";
import { purge } from "./commands/purge";
import { start } from "./commands/start";
import { sandboxStatus } from "./commands/status";
import { statusTable } from "./commands/statusTable";
import { stop } from "./commands/stop";
import { up } from "./commands/up";
import { withLock } from "./host/lock";
import { requireSupport } from "./host/prerequisites";
import { sandboxPath } from "./host/programs";
import { messageOf, SandboxError } from "./host/sandboxError";

/** Milliseconds that a command waits for another one of the same checkout. */
const PATIENCE = 3_000;

const commands: Record<string, () => Promise<void>> = { up, down, start, stop, purge };

async function status(asJson: boolean): Promise<void> {
  const parts = await sandboxStatus();
  console.log(asJson ? JSON.stringify(parts, undefined, 2) : statusTable(parts));
}

async function main(name: string | undefined, options: string[]): Promise<void> {
  process.env.PATH = sandboxPath();
  if (name === "status" && options.every((option) => option === "--json")) {
    await status(options.length > 0);
    return;
  }
  if (name === "faults" && options.length === 1 && injectFaults(options[0] ?? "")) return;
  const command = commands[name ?? ""];
  if (command === undefined || options.length > 0) {
    const others = ["status [--json]", `faults ${FAULT_PLANS.join("|")}`];
    const names = [...Object.keys(commands), ...others].join(" | ");
    throw new SandboxError(`usage: sandbox/run ${names}`);
  }
  requireSupport();
  await withLock("command", PATIENCE, command);
}

main(process.argv[2], process.argv.slice(3)).catch((error: unknown) => {
  process.stderr.write(`sandbox: ${messageOf(error)}\n`);
  // Any other error is a bug of the sandbox: its stack tells where.
  const isBug = error instanceof Error && !(error instanceof SandboxError);
  if (isBug) process.stderr.write(`${error.stack ?? ""}\n`);
  process.exitCode = 1;
});
