/**
 * The Azure emulator as a process: `node -r sucrase/register sandbox/azure/main.ts SETTINGS.json`. One
 * line on standard output says that it serves; SIGTERM and SIGINT stop it with all the servers it runs.
 */
import { startEmulator } from "./server";
import { readSettings } from "./settings";

async function main(file: string | undefined): Promise<void> {
  if (file === undefined) throw new Error("usage: main.ts SETTINGS.json");
  const log = (message: string) => process.stdout.write(`${new Date().toISOString()} ${message}\n`);
  const emulator = await startEmulator(readSettings(file), log);
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

main(process.argv[2]).catch((error: unknown) => {
  process.stderr.write(`the Azure emulator did not start: ${String(error)}\n`);
  process.exit(1);
});
