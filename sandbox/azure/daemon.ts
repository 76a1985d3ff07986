import * as fs from "node:fs";
import { daemonProcess, startDaemon, stopDaemon, untilServing } from "../host/daemons";
import { isHealthy } from "../host/healthCheck";
import { checkout, inState, nodeScript, writeWhole } from "../host/layout";
import { ownKubeconfig } from "../host/ownKubeconfig";
import { knownSettings, settingsFile, type AzureSettings } from "./settings";

const NAME = "azure";

/** Starts the emulator of Azure's control plane and waits until it answers. */
export async function startAzure(settings: AzureSettings): Promise<void> {
  // It reads its settings and its environment once, at its start.
  const wanted = JSON.stringify({ settings, kubeconfig: ownKubeconfig() });
  const isCurrent =
    fs.existsSync(startedFile()) && fs.readFileSync(startedFile(), "utf8") === wanted;
  if (!isCurrent) await stopAzure();
  const [command, ...args] = [...nodeScript("sandbox/azure/main.ts"), settingsFile()];
  await startDaemon({
    name: NAME,
    command,
    args,
    cwd: checkout,
    env: { SANDBOX_DIR: settings.sandboxDir },
  });
  writeWhole(startedFile(), wanted, 0o600);
  await untilServing(NAME, () => answers(settings), 60_000);
}

/** Ends the emulator, and with it the storage and the registries that it runs; its state stays. */
export async function stopAzure(): Promise<void> {
  await stopDaemon(NAME, 30_000);
  fs.rmSync(startedFile(), { force: true });
}

/** Whether the emulator lives and answers. */
export async function azureHealthy(): Promise<boolean> {
  const settings = knownSettings();
  if (settings === undefined || daemonProcess(NAME) === undefined) return false;
  return answers(settings).catch(() => false);
}

function answers({ port, tls }: AzureSettings): Promise<boolean> {
  return isHealthy(`https://127.0.0.1:${port}/healthz`, { ca: fs.readFileSync(tls.ca) });
}

/** The settings with which the running emulator was started. */
function startedFile(): string {
  return inState("run", "azure.started.json");
}
