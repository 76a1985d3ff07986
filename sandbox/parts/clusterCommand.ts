import { withLock } from "./lock";
import { deleteCluster, startCluster, stopCluster } from "./kubernetes/cluster";
import { ownCluster, ownKubeconfig } from "./kubernetes/ownCluster";
import { faultText, SandboxError } from "./sandboxError";

/** Milliseconds that a command waits for another to finish; a first start may build Kubernetes. */
const PATIENCE = 15 * 60_000;

/**
 * `clusterCommand.ts start|stop|delete NAME`: what Azure's control plane would do with a managed
 * cluster. `start` prints the cluster's address as JSON on the last line of its standard output.
 */
async function main(action: string | undefined, name: string | undefined): Promise<void> {
  if (name === undefined) throw new SandboxError("usage: clusterCommand.ts start|stop|delete NAME");
  const own = ownKubeconfig();
  if (action === "start") {
    const start = () => (own === undefined ? startCluster(name) : ownCluster(own));
    console.log(JSON.stringify(await withLock("cluster", PATIENCE, start)));
  } else if (action === "stop" || action === "delete") {
    // A cluster of the user's own is none of ours to stop.
    if (own !== undefined) return;
    const end = action === "stop" ? stopCluster : () => deleteCluster(name);
    await withLock("cluster", PATIENCE, end);
  } else throw new SandboxError(`${action ?? "nothing"} is none of start, stop, delete`);
}

main(process.argv[2], process.argv[3]).catch((error: unknown) => {
  process.stderr.write(`${faultText(error)}\n`);
  process.exitCode = 1;
});
