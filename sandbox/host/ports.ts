import { randomInt } from "node:crypto";
import * as net from "node:net";
import { inState, readJson, writeJson } from "./layout";

/** How many container registries there may be at once. */
const REGISTRIES = 8;

/** Who needs a TCP port on this machine. */
export type PortName =
  | "azure"
  | `registry${number}`
  | "etcd"
  | "etcdPeer"
  | "apiserver"
  | "controllerManager"
  | "scheduler"
  | "kubelet"
  | "kubeletHealth"
  | "proxyHealth"
  | "proxyMetrics";

type Ports = Partial<Record<PortName, number>>;

/** The port with that name: a free one is chosen the first time, and kept from then on. */
export async function port(name: PortName): Promise<number> {
  for (;;) {
    const known = allPorts();
    if (known[name] !== undefined) return known[name];
    const chosen = await freePort(new Set(Object.values(known).filter((one) => one !== undefined)));
    // Another caller may have chosen meanwhile: only what nobody has is written.
    const now = allPorts();
    if (now[name] !== undefined || Object.values(now).includes(chosen)) continue;
    writeJson(file(), { ...now, [name]: chosen });
  }
}

/** The ports set aside for container registries. */
export async function registryPorts(): Promise<number[]> {
  const ports: number[] = [];
  for (let index = 1; index <= REGISTRIES; index++) ports.push(await port(`registry${index}`));
  return ports;
}

/** The ports chosen so far. */
export function allPorts(): Ports {
  return readJson<Ports>(file()) ?? {};
}

/**
 * A TCP port on loopback on which nobody listens, and which is not among `taken`. It lies below the
 * range for outgoing connections: one of those could otherwise hold it at the next start.
 */
export async function freePort(taken: ReadonlySet<number>): Promise<number> {
  for (;;) {
    const candidate = randomInt(20_000, 32_000);
    if (!taken.has(candidate) && (await isFree(candidate))) return candidate;
  }
}

async function isFree(candidate: number): Promise<boolean> {
  const server = net.createServer();
  return new Promise((done) => {
    server.once("error", () => done(false));
    server.listen(candidate, "127.0.0.1", () => server.close(() => done(true)));
  });
}

function file(): string {
  return inState("ports.json");
}
