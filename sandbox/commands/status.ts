import { azureHealthy } from "../azure/daemon";
import { knownSettings } from "../azure/settings";
import { clusterName, clusterRuns } from "../cluster/cluster";
import { apiServerReady } from "../cluster/controlPlane";
import { apiServer } from "../cluster/credentials";
import { ownCluster } from "../cluster/ownCluster";
import { BASE_IMAGE, importedKey } from "../docker/baseImage";
import { answeringVersion, knownDocker } from "../docker/dockerEngine";
import { knownEngine } from "../engine/engine";
import { knownPlugins } from "../engine/plugins";
import { attempt } from "../host/command";
import { ownKubeconfig } from "../host/ownKubeconfig";
import { messageOf } from "../host/sandboxError";
import versions from "../versions.json";
import type { PartStatus } from "./statusTable";

/** Looks at every part. */
export async function sandboxStatus(): Promise<PartStatus[]> {
  const [engine, ...others] = await Promise.all([
    engineStatus(),
    dockerStatus(),
    baseImageStatus(),
    azureStatus(),
    clusterStatus(),
  ]);
  return [...engine, ...pluginStatus(), ...others.flat()];
}

async function engineStatus(): Promise<PartStatus[]> {
  const engine = knownEngine();
  if (engine === undefined) return absent("engine", "language host");
  const result = await attempt(engine.path, ["version"]).catch(() => undefined);
  const health = result?.status === 0 ? "healthy" : "unhealthy";
  const { version, path: address, source: note, languageHost } = engine;
  return [
    { part: "engine", health, version, address, note },
    { part: "language host", health, version: languageHost, note },
  ];
}

function pluginStatus(): PartStatus[] {
  const known = knownPlugins();
  if (known.length === 0) return absent("plugins");
  return known.map(({ name, version, source: note }) => ({
    part: `plugin ${name}`,
    health: "healthy",
    version,
    note,
  }));
}

async function dockerStatus(): Promise<PartStatus[]> {
  const engine = knownDocker();
  if (engine === undefined) return absent("docker");
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

/** The emulator, and what it runs for storage accounts and registries. */
async function azureStatus(): Promise<PartStatus[]> {
  const settings = knownSettings();
  if (settings === undefined) return absent("azure", "azurite", "docker-registry");
  const health = (await azureHealthy()) ? "healthy" : "stopped";
  const registry = await printedVersion(settings.registry.binary);
  const address = `https://127.0.0.1:${settings.port}`;
  return [
    { part: "azure", health, address, note: "emulated" },
    { part: "azurite", health, version: versions.azurite, note: "one for each storage account" },
    { part: "docker-registry", health, version: registry, note: "one for each registry" },
  ];
}

async function clusterStatus(): Promise<PartStatus[]> {
  const own = ownKubeconfig();
  if (own !== undefined) return ownClusterStatus(own);
  const name = clusterName();
  if (name === undefined) {
    return absent("kubernetes", "etcd", "containerd").map((part) => ({
      ...part,
      note: "made with the managed cluster",
    }));
  }
  const isReady = await apiServerReady().catch(() => false);
  const health = isReady && clusterRuns() ? "healthy" : isReady ? "unhealthy" : "stopped";
  const note = `${name}; NetworkPolicy objects are accepted and not enforced`;
  const address = await apiServer();
  return [
    { part: "kubernetes", health, version: versions.kubernetes, address, note },
    { part: "etcd", health, version: await printedVersion("etcd") },
    { part: "containerd", health, version: await printedVersion("containerd") },
  ];
}

async function ownClusterStatus(kubeconfig: string): Promise<PartStatus[]> {
  const part = "kubernetes";
  try {
    const { server: address, kubernetesVersion: version } = await ownCluster(kubeconfig);
    return [{ part, health: "healthy", version, address, note: `yours, ${kubeconfig}` }];
  } catch (error) {
    return [{ part, health: "unhealthy", note: messageOf(error) }];
  }
}

/** The version that a program of Debian's prints: Debian decides it, not the sandbox. */
async function printedVersion(program: string): Promise<string | undefined> {
  const result = await attempt(program, ["--version"], { timeout: 10_000 }).catch(() => undefined);
  return /\d+\.\d+\.\d+/.exec(result?.stdout ?? "")?.[0];
}

function absent(...parts: string[]): PartStatus[] {
  return parts.map((part) => ({ part, health: "absent" }));
}
