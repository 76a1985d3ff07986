import * as fs from "node:fs";
import { attempt } from "../host/command";
import { daemonProcess, logFile, startDaemon, stopDaemon, untilServing } from "../host/daemons";
import { restoreHostState, saveHostState } from "../host/hostState";
import { inState, readJson, writeJson, writeWhole } from "../host/layout";
import { unmountBelow } from "../host/mounts";
import { defaultRoute, removeLink, removeRules } from "../host/network";
import { endLeftovers } from "../host/processes";
import { SandboxError } from "../host/sandboxError";

const NAME = "dockerd";
const BRIDGE = "docker0";

/** The Docker engine in use. */
export interface DockerEngine {
  /** Whether the sandbox started it; otherwise it was found running. */
  own: boolean;
  /** For DOCKER_HOST. */
  host: string;
  version: string;
}

/** Uses the engine that answers, or starts one. */
export async function ensureDocker(): Promise<DockerEngine> {
  const engine = (await foreignEngine()) ?? (await startOwn());
  writeJson(inState("docker.json"), engine);
  return engine;
}

/** The engine that was used last; undefined before the first start. */
export function knownDocker(): DockerEngine | undefined {
  return readJson<DockerEngine>(inState("docker.json"));
}

/** The address of the sandbox's own engine. */
export function ownHost(): string {
  return `unix://${inState("run", "docker.sock")}`;
}

/** The server version of the engine at `host`; undefined when none answers. */
export async function answeringVersion(host: string): Promise<string | undefined> {
  const args = ["--host", host, "version", "--format", "{{.Server.Version}}"];
  const result = await attempt("docker", args, { timeout: 10_000 });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

/** Stops the sandbox's own engine and removes its bridge and rules; its images stay. */
export async function stopDocker(): Promise<void> {
  if (!fs.existsSync(inState("run", "docker")) && daemonProcess(NAME) === undefined) return;
  await stopDaemon(NAME, 30_000);
  await endOrphans();
  await unmountBelow(inState("run", "docker"));
  await unmountBelow(inState("docker"));
  await removeRules(/^DOCKER/, [BRIDGE]);
  await removeLink(BRIDGE);
  await restoreHostState("docker");
  fs.rmSync(inState("run", "docker"), { recursive: true, force: true });
  fs.rmSync(inState("run", "docker.sock"), { force: true });
}

async function foreignEngine(): Promise<DockerEngine | undefined> {
  const context = ["context", "inspect", "--format", "{{.Endpoints.docker.Host}}"];
  const host = process.env.DOCKER_HOST ?? (await attempt("docker", context)).stdout.trim();
  if (host === "" || host === ownHost()) return undefined;
  const version = await answeringVersion(host);
  return version === undefined ? undefined : { own: false, host, version };
}

async function startOwn(): Promise<DockerEngine> {
  const host = ownHost();
  // Unix socket addresses hold 107 bytes; the longest below this folder is containerd's.
  if (inState("run", "docker", "containerd", "containerd-debug.sock").length > 104) {
    throw new SandboxError(
      `the path ${inState()} is too long for Unix sockets`,
      "Clone into a folder with a shorter path, or set SANDBOX_DIR to one",
    );
  }
  if (daemonProcess(NAME) === undefined) {
    await endOrphans();
    await saveHostState("docker");
    // A stale pid file whose number another process has now would keep the engine from starting.
    fs.rmSync(inState("run", "docker"), { recursive: true, force: true });
    fs.mkdirSync(inState("run", "docker"), { recursive: true });
    await startDaemon({ name: NAME, command: "dockerd", args: await daemonArguments(host) });
  }
  await untilServing(NAME, async () => (await answeringVersion(host)) !== undefined, 60_000);
  const version = await answeringVersion(host);
  if (version === undefined) throw new SandboxError(`dockerd ended, see ${logFile(NAME)}`);
  return { own: true, host, version };
}

async function daemonArguments(host: string): Promise<string[]> {
  const { mtu } = await defaultRoute();
  return [
    `--host=${host}`,
    `--data-root=${inState("docker")}`,
    `--exec-root=${inState("run", "docker")}`,
    `--pidfile=${inState("run", "docker", "docker.pid")}`,
    // The configuration of the machine's own engine must not apply to this one.
    `--config-file=${ownConfiguration()}`,
    // Packets that are larger than the uplink allows would be lost silently.
    `--mtu=${mtu}`,
    "--log-level=warn",
    "--shutdown-timeout=5",
  ];
}

function ownConfiguration(): string {
  const path = inState("docker-daemon.json");
  writeWhole(path, "{}\n");
  return path;
}

/** The engine's own containerd and shims outlive a killed engine. */
async function endOrphans(): Promise<void> {
  const folder = inState("run", "docker");
  await endLeftovers((line) => line.includes(`${folder}/`) && !line.startsWith("docker "));
}
