import { Agent, request } from "node:https";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { AzureSettings } from "./azureSettings";
import { ownKubeconfig } from "../cluster/ownKubeconfig";
import { checkout, inState, readJson, scriptLoader, writeWhole } from "../host/layout";
import { daemonProcess, startDaemon, stopDaemon, untilServing } from "../host/processes";

const NAME = "azure";

/** Starts the emulator of Azure's control plane and waits until it answers. */
export async function startAzure(settings: AzureSettings): Promise<void> {
  const wanted = JSON.stringify({ settings, kubeconfig: ownKubeconfig() });
  const file = inState("run", "azure.started.json");
  // It reads its settings once, at its start.
  const current = existsSync(file) && readFileSync(file, "utf8") === wanted;
  if (!current) await stopAzure();
  await startDaemon({
    name: NAME,
    command: "node",
    args: [
      "-r",
      scriptLoader,
      join(checkout, "sandbox", "azure", "main.ts"),
      inState("azure.json"),
    ],
    cwd: checkout,
    env: { SANDBOX_DIR: inState() },
  });
  writeWhole(file, wanted, 0o600);
  await untilServing(NAME, () => azureAnswers(settings), 60_000);
}

/** Ends the emulator, and with it the storage and the registries that it runs; its state stays. */
export async function stopAzure(): Promise<void> {
  await stopDaemon(NAME, 30_000);
  rmSync(inState("run", "azure.started.json"), { force: true });
}

/** Whether the emulator lives and answers. */
export async function azureHealthy(): Promise<boolean> {
  const settings = readJson<AzureSettings>(inState("azure.json"));
  if (settings === undefined || daemonProcess(NAME) === undefined) return false;
  return azureAnswers(settings).catch(() => false);
}

async function azureAnswers({ port, tls }: AzureSettings): Promise<boolean> {
  const agent = new Agent({ ca: readFileSync(tls.ca) });
  const url = `https://127.0.0.1:${port}/healthz`;
  return new Promise((done, failed) => {
    const sent = request(url, { agent, timeout: 3_000 }, (response) => {
      response.resume();
      done(response.statusCode === 200);
    });
    sent.on("timeout", () => sent.destroy(new Error("time-out")));
    sent.on("error", failed);
    sent.end();
  });
}
