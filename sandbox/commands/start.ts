import * as fs from "node:fs";
import { startAzure } from "../azure/daemon";
import type { AzureSettings } from "../azure/settings";
import { writeSettings, type ClusterChoice } from "../azure/writeSettings";
import { resumeCluster } from "../cluster/cluster";
import { ensureKubelogin } from "../cluster/kubelogin";
import { ownCluster } from "../cluster/ownCluster";
import { kubernetes } from "../cluster/paths";
import { ensureBaseImage } from "../docker/baseImage";
import { ensureDocker } from "../docker/dockerEngine";
import { ensureEngine } from "../engine/engine";
import { writeEnvironment } from "../engine/environment";
import { build } from "../engine/goBuild";
import { ensurePlugins } from "../engine/plugins";
import { ensureSandboxCertificates } from "../host/certificates";
import { inState } from "../host/layout";
import { claimHost } from "../host/oneOnHost";
import { ownKubeconfig } from "../host/ownKubeconfig";
import { ensurePrerequisites } from "../host/prerequisites";
import { linkProgram } from "../host/programs";
import { progress } from "../host/progress";
import versions from "../versions.json";

/** Starts every part; what runs already stays as it is. The cluster starts if Azure has one that runs. */
export async function start(): Promise<void> {
  await ensurePrerequisites();
  claimHost();
  for (const folder of ["pulumi", "logs"]) fs.mkdirSync(inState(folder), { recursive: true });
  // Whatever a user's shell or a part of the sandbox runs as `node` is the Node.js that runs this.
  linkProgram("node", process.execPath);
  await progress.step("certificates", ensureSandboxCertificates);
  const settings = await writeSettings(await clusterChoice());
  writeEnvironment();
  // One after the other, because Go builds use every processor.
  const builds = startEngine().then(() => prepareCluster(settings));
  await settled([builds, startDocker()]);
  writeEnvironment();
  await progress.step("Azure (emulated)", async (report) => {
    await startAzure(settings);
    report(`https://127.0.0.1:${settings.port}`);
  });
  if (ownKubeconfig() === undefined) await resumeCluster();
}

/** The cluster behind managed clusters: the user's own, or the sandbox's. */
async function clusterChoice(): Promise<ClusterChoice> {
  const own = ownKubeconfig();
  if (own === undefined) return { kubernetesVersion: versions.kubernetes, isOwn: false };
  const { kubernetesVersion } = await ownCluster(own);
  return { kubernetesVersion, isOwn: true };
}

async function startEngine(): Promise<void> {
  await progress.step("Pulumi engine", async (report) => {
    const { source, version, path } = await ensureEngine();
    report(`${version} (${source}, ${path})`);
  });
  await progress.step("plugins", async (report) => {
    const plugins = await ensurePlugins();
    report(plugins.map(({ name, version, source }) => `${name} ${version} (${source})`).join(", "));
  });
}

/** Builds what the sandbox's own cluster needs, which takes minutes the first time. */
async function prepareCluster(settings: AzureSettings): Promise<void> {
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

/** Waits for all, so that nothing goes on after a fault was reported. */
async function settled(actions: Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(actions);
  const failed = results.find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}
