import { createHash, randomBytes } from "node:crypto";
import fs from "node:fs";
import https from "node:https";
import os from "node:os";
import path from "node:path";
import type { ChildProcesses } from "../childProcesses";
import type { Services } from "../arm/handler";
import type { EmulatorOptions } from "../options";
import { RegistryFront } from "./registryFront";

/** Files and address of one registry. */
export interface RunningRegistry {
  readonly name: string;
  /** `host:port` of the front: the login server. */
  readonly loginServer: string;
  /** Unix socket of docker-registry, in a folder that only this user may enter. */
  readonly socketPath: string;
  /** Folder in which docker-registry keeps repositories. */
  readonly repositories: string;
}

const DEFAULT_PORT_COUNT = 8;
const LISTENING = /listening on .*registry\.sock/;

/** One docker-registry for each container registry, reachable only through its TLS front. */
export class Registries {
  private readonly fronts = new Map<string, https.Server>();

  constructor(
    private readonly options: EmulatorOptions,
    private readonly children: ChildProcesses,
  ) {}

  /** Ports that registries are given, in order. */
  candidatePorts(emulatorPort: number): number[] {
    const following = Array.from({ length: DEFAULT_PORT_COUNT }, (_, i) => emulatorPort + 1 + i);
    return [...(this.options.registry.ports ?? following)];
  }

  async start(name: string, port: number, services: Services): Promise<void> {
    if (this.fronts.has(name)) return;
    const registry = this.describe(name, port);
    await this.startServer(registry);
    const { cert, key } = this.options.tls;
    const front = new RegistryFront(registry, services);
    const server = https.createServer(
      { cert: fs.readFileSync(cert), key: fs.readFileSync(key) },
      (request, response) => void front.handle(request, response),
    );
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(port, "127.0.0.1", resolve);
    });
    this.fronts.set(name, server);
    this.trust(registry);
  }

  /** Stops a registry and forgets its images. */
  async remove(name: string, port: number): Promise<void> {
    const registry = this.describe(name, port);
    await this.close(name);
    await this.children.stop(`registry-${name}`);
    const hosts = path.join(this.options.registryHostsDir, registry.loginServer);
    for (const folder of [this.folderOf(name), path.dirname(registry.socketPath), hosts])
      fs.rmSync(folder, { recursive: true, force: true });
  }

  /** Stops every registry; its images stay. */
  async stopAll(): Promise<void> {
    await Promise.all(
      [...this.fronts.keys()].map(async (name) => {
        await this.close(name);
        await this.children.stop(`registry-${name}`);
        fs.rmSync(socketFolder(this.folderOf(name)), { recursive: true, force: true });
      }),
    );
  }

  private async close(name: string): Promise<void> {
    const server = this.fronts.get(name);
    this.fronts.delete(name);
    if (!server) return;
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  }

  private describe(name: string, port: number): RunningRegistry {
    const folder = this.folderOf(name);
    return {
      name,
      loginServer: `127.0.0.1:${port}`,
      socketPath: path.join(socketFolder(folder), "registry.sock"),
      repositories: path.join(folder, "data/docker/registry/v2/repositories"),
    };
  }

  private async startServer(registry: RunningRegistry): Promise<void> {
    const { name, socketPath } = registry;
    const folder = this.folderOf(name);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.mkdirSync(path.dirname(socketPath), { recursive: true, mode: 0o700 });
    fs.rmSync(socketPath, { force: true });
    const config = {
      version: 0.1,
      log: { level: "info", accesslog: { disabled: true } },
      storage: {
        filesystem: { rootdirectory: path.join(folder, "data") },
        delete: { enabled: true },
      },
      http: {
        net: "unix",
        addr: socketPath,
        relativeurls: true,
        secret: randomBytes(16).toString("hex"),
      },
    };
    const file = path.join(folder, "config.json");
    fs.writeFileSync(file, JSON.stringify(config, null, 2), { mode: 0o600 });
    const command = this.options.registry.binary;
    const spec = { name: `registry-${name}`, command, args: ["serve", file] };
    const env = { OTEL_TRACES_EXPORTER: "none" };
    const restart = () => this.startServer(registry);
    await this.children.start({ ...spec, env, restart }, LISTENING);
  }

  /** Tells containerd which authority vouches for the registry. */
  private trust({ loginServer }: RunningRegistry): void {
    const folder = path.join(this.options.registryHostsDir, loginServer);
    fs.mkdirSync(folder, { recursive: true });
    const lines = [
      `server = "https://${loginServer}"`,
      "",
      `[host."https://${loginServer}"]`,
      `  capabilities = ["pull", "resolve"]`,
      `  ca = "${path.resolve(this.options.tls.ca)}"`,
      "",
    ];
    fs.writeFileSync(path.join(folder, "hosts.toml"), lines.join("\n"));
  }

  private folderOf(name: string): string {
    return path.join(this.options.stateDir, "registries", name);
  }
}

/** A socket's path may have 107 characters, which a deep checkout exceeds: it lies in the temp folder. */
function socketFolder(folder: string): string {
  const key = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  return path.join(os.tmpdir(), `sandbox-acr-${key}`);
}
