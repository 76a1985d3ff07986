import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { inState, readJson, writeWhole } from "./layout";

/** Who needs a TCP port on this machine. */
export type PortName =
  | "azure"
  | "etcd"
  | "etcdPeer"
  | "apiserver"
  | "controllerManager"
  | "scheduler"
  | "kubelet"
  | "kubeletHealth"
  | "proxyHealth"
  | "proxyMetrics"
  | "containerdStream";

type Ports = Partial<Record<PortName, number>>;

/** The port of that name: chosen free the first time, the same ever after. */
export async function port(name: PortName): Promise<number> {
  const file = inState("ports.json");
  const ports = readJson<Ports>(file) ?? {};
  const known = ports[name];
  if (known !== undefined) return known;
  const chosen = await freePort(new Set(Object.values(ports)));
  writeWhole(file, `${JSON.stringify({ ...ports, [name]: chosen }, undefined, 2)}\n`);
  return chosen;
}

/**
 * A TCP port on loopback which nobody listens on, and which is not among `taken`. It lies below the
 * range for outgoing connections: one of those could otherwise hold it at the next start.
 */
export async function freePort(taken: ReadonlySet<number>): Promise<number> {
  for (;;) {
    const candidate = randomInt(20_000, 32_000);
    if (!taken.has(candidate) && (await isFree(candidate))) return candidate;
  }
}

async function isFree(candidate: number): Promise<boolean> {
  const server = createServer();
  return new Promise((done) => {
    server.once("error", () => done(false));
    server.listen(candidate, "127.0.0.1", () => server.close(() => done(true)));
  });
}
