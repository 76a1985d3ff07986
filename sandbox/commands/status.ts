import { attempt } from "../host/command";
import { azureHealthy } from "../azure/daemon";
import type { AzureSettings } from "../azure/azureSettings";
import { BASE_IMAGE, importedKey } from "../docker/baseImage";
import { answeringVersion, knownDocker } from "../docker/dockerEngine";
import { knownEngine } from "../engine/engine";
import { inState, readJson } from "../host/layout";
import { clusterName, clusterRuns } from "../cluster/cluster";
import { apiServer } from "../cluster/credentials";
import { apiServerReady } from "../cluster/controlPlane";
import { KUBERNETES_VERSION } from "../cluster/paths";
import { ownCluster } from "../cluster/ownCluster";
import { ownKubeconfig } from "../cluster/ownKubeconfig";
import { knownPlugins } from "../engine/plugins";
import { faultText } from "../host/sandboxError";
import type { PartStatus } from "./statusTable";

/** Looks at every part. */
export async function sandboxStatus(): Promise<PartStatus[]> {
  const parts = [engineStatus(), dockerStatus(), baseImageStatus(), azureStatus(), clusterStatus()];
  const [engine, ...others] = await Promise.all(parts);
  return [...(engine ?? []), ...pluginStatus(), ...others.flat()];
}

async function engineStatus(): Promise<PartStatus[]> {
  const engine = knownEngine();
  if (engine === undefined) return [{ part: "engine", health: "absent" }];
  const result = await attempt(engine.path, ["version"]).catch(() => undefined);
  const health = result?.status === 0 ? "healthy" : "unhealthy";
  const { version, path: address, source: note } = engine;
  return [{ part: "engine", health, version, address, note }];
}

function pluginStatus(): PartStatus[] {
  return knownPlugins().map(({ name, version, source }) => ({
    part: `plugin ${name}`,
    health: "healthy",
    version,
    note: source,
  }));
}

async function dockerStatus(): Promise<PartStatus[]> {
  const engine = knownDocker();
  if (engine === undefined) return [{ part: "docker", health: "absent" }];
  const version = await answeringVersion(engine.host);
  const note = engine.own ? "started by the sandbox" : "found running";
  const health = version === undefined ? "stopped" : "healthy";
  return [{ part: "docker", health, version, address: engine.host, note }];
}

async function baseImageStatus(): Promise<PartStatus[]> {
  const engine = knownDocker();
  const key = engine === undefined ? undefined : await importedKey(engine.host);
  const health = key === undefined ? "absent" : "healthy";
  return [{ part: "base image", health, version: key, address: BASE_IMAGE }];
}

async function azureStatus(): Promise<PartStatus[]> {
  const settings = readJson<AzureSettings>(inState("azure.json"));
  if (settings === undefined) return [{ part: "azure", health: "absent" }];
  const health = (await azureHealthy()) ? "healthy" : "stopped";
  return [
    { part: "azure", health, address: `https://127.0.0.1:${settings.port}`, note: "emulated" },
  ];
}

async function clusterStatus(): Promise<PartStatus[]> {
  const part = "kubernetes";
  const own = ownKubeconfig();
  if (own !== undefined) {
    return ownCluster(own).then(
      ({ server, kubernetesVersion: version }) => [
        { part, health: "healthy", version, address: server, note: `yours, ${own}` },
      ],
      (error: unknown) => [{ part, health: "unhealthy", note: faultText(error) }],
    );
  }
  const name = clusterName();
  if (name === undefined)
    return [{ part, health: "absent", note: "made with the managed cluster" }];
  const ready = await apiServerReady().catch(() => false);
  const health = ready && clusterRuns() ? "healthy" : ready ? "unhealthy" : "stopped";
  const note = `${name}; NetworkPolicy objects are accepted and not enforced`;
  return [{ part, health, version: KUBERNETES_VERSION, address: await apiServer(), note }];
}
