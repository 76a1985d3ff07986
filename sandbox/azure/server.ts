import * as fs from "node:fs";
import * as https from "node:https";
import * as path from "node:path";
import type { Services } from "./arm/handler";
import { Operations } from "./arm/operations";
import { Pipeline } from "./arm/pipeline";
import { Store } from "./arm/store";
import type { Resource } from "./arm/store";
import { BlobAccounts } from "./blob/blobAccounts";
import { ChildProcesses } from "./childProcesses";
import { ClusterControl } from "./cluster/clusterControl";
import type { AzureContext } from "./context";
import { FaultInjection } from "./faults/faultInjection";
import { Front } from "./front";
import { Directory } from "./identity/directory";
import { TokenService } from "./identity/tokens";
import { Registries } from "./registry/registries";
import { RegistryTasks } from "./registry/tasks/registryTasks";
import type { AzureSettings } from "./settings";

const ISSUER = "https://sts.windows.net/";

/** An emulator that serves. */
export interface RunningEmulator {
  readonly baseUrl: string;
  /** Stops listening and ends every Azurite and registry; state stays. */
  stop(): Promise<void>;
}

/**
 * Starts the emulator on its state folder.
 * @throws when the port is taken or an Azurite or registry of the state does not start
 */
export async function startEmulator(
  settings: AzureSettings,
  log: (message: string) => void,
): Promise<RunningEmulator> {
  fs.mkdirSync(settings.stateDir, { recursive: true, mode: 0o700 });
  const logs = path.join(settings.sandboxDir, "logs");
  const children = new ChildProcesses(settings.stateDir, logs, log);
  await children.endLeftovers();
  const server = https.createServer({
    cert: fs.readFileSync(settings.tls.cert),
    key: fs.readFileSync(settings.tls.key),
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(settings.port, "127.0.0.1", resolve);
  });
  const services = await openServices(settings, children, log);
  await restartServers(services);
  const operations = new Operations(settings.stateDir, log);
  const front = new Front(services, new Pipeline(services, operations), log);
  server.on("request", (request, response) => void front.handle(request, response));
  return { baseUrl: services.baseUrl, stop: () => stop(server, services, children) };
}

async function openServices(
  settings: AzureSettings,
  children: ChildProcesses,
  log: (message: string) => void,
): Promise<Services> {
  const { stateDir, tenantId } = settings;
  const resources = new Store<Resource>(stateDir, "resources");
  const faults = new FaultInjection(stateDir);
  const context: AzureContext = {
    settings,
    baseUrl: `https://127.0.0.1:${settings.port}`,
    resources,
    deleted: new Store<Resource>(stateDir, "deleted"),
    directory: new Directory(settings, resources, faults),
    tokens: await TokenService.open(stateDir, `${ISSUER}${tenantId}/`),
    faults,
  };
  const blobs = new BlobAccounts(stateDir, children);
  return {
    ...context,
    blobs,
    registries: new Registries(context, children),
    tasks: new RegistryTasks(context, blobs, log),
    cluster: new ClusterControl(settings),
  };
}

/** Brings back the servers of accounts and registries that exist. */
async function restartServers(services: Services): Promise<void> {
  for (const { body, internal } of services.resources.all()) {
    if (body.type === "Microsoft.Storage/storageAccounts") {
      await services.blobs.start(body.name, internal.keys as string[]);
    }
    if (body.type === "Microsoft.ContainerRegistry/registries") {
      await services.registries.start(body.name, Number(internal.port));
    }
  }
}

async function stop(
  server: https.Server,
  services: Services,
  children: ChildProcesses,
): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
  await services.tasks.stopAll();
  await services.registries.stopAll();
  await children.stopAll();
}
