import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as https from "node:https";
import * as os from "node:os";
import * as path from "node:path";
import type { ChildProcesses } from "../childProcesses";
import type { AzureContext } from "../context";
import { RegistryFront } from "./registryFront";
import type { RunningRegistry } from "./runningRegistry";

const LISTENING = /listening on .*registry\.sock/;

/** One docker-registry for each container registry, reachable only through its TLS front. */
export class Registries {
  private readonly fronts = new Map<string, https.Server>();

  constructor(
    private readonly context: AzureContext,
    private readonly children: ChildProcesses,
  ) {}

  async start(name: string, port: number): Promise<void> {
    if (this.fronts.has(name)) return;
    const registry = this.describe(name, port);
    await this.startServer(registry);
    const { cert, key } = this.context.settings.tls;
    const front = new RegistryFront(registry, this.context);
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

  /** Stops a registry and deletes its images. */
  async remove(name: string, port: number): Promise<void> {
    const registry = this.describe(name, port);
    await this.close(name);
    await this.children.stop(`registry-${name}`);
    const hosts = path.join(this.context.settings.registryHostsDir, registry.loginServer);
    for (const folder of [this.folderOf(name), path.dirname(registry.socketPath), hosts]) {
      fs.rmSync(folder, { recursive: true, force: true });
    }
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
    const command = this.context.settings.registry.binary;
    const spec = { name: `registry-${name}`, command, args: ["serve", file] };
    const env = { OTEL_TRACES_EXPORTER: "none" };
    const restart = () => this.startServer(registry);
    await this.children.start({ ...spec, env, restart }, LISTENING);
  }

  /** Tells containerd which certificate authority to trust for the registry. */
  private trust({ loginServer }: RunningRegistry): void {
    const folder = path.join(this.context.settings.registryHostsDir, loginServer);
    fs.mkdirSync(folder, { recursive: true });
    const lines = [
      `server = "https://${loginServer}"`,
      "",
      `[host."https://${loginServer}"]`,
      `  capabilities = ["pull", "resolve"]`,
      `  ca = "${path.resolve(this.context.settings.tls.ca)}"`,
      "",
    ];
    fs.writeFileSync(path.join(folder, "hosts.toml"), lines.join("\n"));
  }

  private folderOf(name: string): string {
    return path.join(this.context.settings.stateDir, "registries", name);
  }
}

/** A socket's path may have 107 characters, which a deep checkout exceeds: it lies in the temp folder. */
function socketFolder(folder: string): string {
  const key = createHash("sha256").update(folder).digest("hex").slice(0, 16);
  return path.join(os.tmpdir(), `sandbox-acr-${key}`);
}
