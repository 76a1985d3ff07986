import * as net from "node:net";

const PAUSE_MS = 1_000;

/**
 * Ends this process when the engine that started it is gone: one that was killed cannot tell its
 * plugins, and a plugin left behind would go on with an upload that the next run begins anew.
 *
 * @param parentId says which process is the parent; the system's, but for tests.
 * @param end ends this process, likewise.
 */
export function endWithEngine(
  parentId = () => process.ppid,
  end: () => void = () => process.exit(1),
): NodeJS.Timeout {
  const engine = parentId();
  const timer = setInterval(() => {
    if (parentId() !== engine) end();
  }, PAUSE_MS);
  return timer.unref();
}

/**
 * Ends this process when nobody listens where the engine should: it was killed before this process could
 * find out which one it is.
 *
 * @param address `host:port` of the engine.
 * @param end ends this process.
 */
export function endWithoutEngine(
  address: string,
  end: () => void = () => process.exit(1),
): net.Socket {
  const [, host = "", port = ""] = /^(.*):(\d+)$/.exec(address) ?? [];
  const socket = net.connect(Number(port), host, () => socket.destroy());
  return socket.once("error", end);
}
