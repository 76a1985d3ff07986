import { mkdirSync, rmSync } from "node:fs";
import { startAzure, stopAzure } from "../azure/daemon";
import { writeAzureSettings, type AzureSettings } from "../azure/azureSettings";
import { ensureBaseImage } from "../docker/baseImage";
import { ensureSandboxCertificates } from "../host/certificates";
import { ensureDocker, stopDocker } from "../docker/dockerEngine";
import { ensureEngine } from "../engine/engine";
import { writeEnvironment } from "../engine/environment";
import { build } from "../engine/goBuild";
import { CLUSTER_PATIENCE, resumeCluster, stopCluster } from "../cluster/cluster";
import { ensureKubelogin } from "../cluster/kubelogin";
import { ownKubeconfig } from "../cluster/ownKubeconfig";
import { kubernetes } from "../cluster/paths";
import { cacheFolder, inState, stateFolder } from "../host/layout";
import { withLock } from "../host/lock";
import { claimHost, releaseHost } from "../host/oneOnHost";
import { ensurePlugins } from "../engine/plugins";
import { ensurePrerequisites } from "../host/prerequisites";
import { progress } from "../host/progress";
import { scoreSample } from "./sample";
import { faultText, SandboxError } from "../host/sandboxError";
import {
  deploy,
  deployedServices,
  destroy,
  selectStack,
  stackHoldsResources,
} from "../engine/stack";

/** Starts every part; what runs already stays as it is. The cluster starts if Azure has one that runs. */
export async function start(): Promise<void> {
  await ensurePrerequisites();
  claimHost();
  mkdirSync(inState("pulumi"), { recursive: true });
  mkdirSync(inState("logs"), { recursive: true });
  await progress.step("certificates", ensureSandboxCertificates);
  const settings = await writeAzureSettings();
  writeEnvironment();
  await settled([startEngine(settings), startDocker()]);
  writeEnvironment();
  await progress.step("Azure (emulated)", async (report) => {
    await startAzure(settings);
    report(`https://127.0.0.1:${settings.port}`);
  });
  if (ownKubeconfig() === undefined) await resumeCluster();
}

/** Everything up, the program deployed, and its predictions for the sample request shown. */
export async function up(): Promise<void> {
  await start();
  await progress.step("stack", selectStack);
  await deploy();
  const services = Object.entries(await deployedServices());
  if (services.length === 0) throw new SandboxError("the program deployed no service");
  for (const [name, service] of services) {
    const answer = await progress.step(`sample request to ${name}`, () => scoreSample(service));
    console.log(`${name} ${service.scoringUri}\npredictions: ${answer}`);
  }
  console.log(NEXT);
}

const NEXT = `
What to try next:
  . ${stateFolder}/env                          then plain
  pulumi preview | up | refresh | stack output | destroy
  npm run sandbox:status | sandbox:down`;

/** Stops every part; all data stays, and `start` goes on from it. */
export async function stop(): Promise<void> {
  await progress.step("stop Kubernetes", () => withLock("cluster", CLUSTER_PATIENCE, stopCluster));
  await progress.step("stop Azure", stopAzure);
  await progress.step("stop Docker", stopDocker);
  releaseHost();
}

/** Destroys what the program deployed, and stops every part. */
export async function down(): Promise<void> {
  if (stackHoldsResources()) {
    await start();
    await progress.step("stack", selectStack);
    await destroy();
  }
  await stop();
}

/** As `down`, and removes the state and the caches. */
export async function purge(): Promise<void> {
  try {
    await down();
  } catch (error) {
    // All that is left lies in the folders removed below, unless it is in a cluster of the user's own.
    progress.say(`  ${faultText(error)}`);
    await stop();
  }
  await progress.step("remove the state and the caches", async () => {
    rmSync(stateFolder, { recursive: true, force: true });
    rmSync(cacheFolder, { recursive: true, force: true });
    return Promise.resolve();
  });
}

async function startEngine(settings: AzureSettings): Promise<void> {
  await progress.step("Pulumi engine", async (report) => {
    const { source, version, path } = await ensureEngine();
    report(`${version} (${source}, ${path})`);
  });
  await progress.step("plugins", async (report) => {
    const plugins = await ensurePlugins();
    report(plugins.map(({ name, version, source }) => `${name} ${version} (${source})`).join(", "));
  });
  if (ownKubeconfig() !== undefined) return;
  await build(kubernetes);
  await ensureKubelogin(settings);
}

async function startDocker(): Promise<void> {
  const host = await progress.step("Docker engine", async (report) => {
    const engine = await ensureDocker();
    report(`${engine.version} (${engine.own ? "started" : "found running"}, ${engine.host})`);
    return engine.host;
  });
  await ensureBaseImage(host);
}

/** Waits for all, so that nothing goes on behind the report of a fault. */
async function settled(actions: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(actions);
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
