/**
 * The Azure emulator as a process: `node -r sucrase/register sandbox/azure/main.ts [OPTIONS.json]`.
 * The options file is `$SANDBOX_DIR/azure.json` unless it is named. One line on standard output says
 * that it serves; SIGTERM and SIGINT stop it with all the servers it runs.
 */
import path from "node:path";
import { readOptions, withDefaults } from "./options";
import { startEmulator } from "./server";

async function main(): Promise<void> {
  const file = process.argv[2] ?? path.join(process.env.SANDBOX_DIR ?? ".sandbox", "azure.json");
  const log = (message: string) => process.stdout.write(`${new Date().toISOString()} ${message}\n`);
  const emulator = await startEmulator(withDefaults(readOptions(file)), log);
  log(`serving on ${emulator.baseUrl}`);
  const stop = (signal: string) => {
    log(`${signal}: stopping`);
    emulator.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log(String(error));
        process.exit(1);
      },
    );
  };
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
}

main().catch((error: unknown) => {
  process.stderr.write(`the Azure emulator did not start: ${String(error)}\n`);
  process.exit(1);
});
