import { withLock } from "../host/lock";
import { ownKubeconfig } from "../host/ownKubeconfig";
import { messageOf, SandboxError } from "../host/sandboxError";
import { CLUSTER_PATIENCE, deleteCluster, startCluster, stopClusterForGood } from "./cluster";
import { ownCluster } from "./ownCluster";

/**
 * `clusterCommand.ts start|stop|delete NAME`: what Azure's control plane would do with a managed
 * cluster. `start` prints the cluster's address as JSON on the last line of its standard output.
 */
async function main(action: string | undefined, name: string | undefined): Promise<void> {
  if (name === undefined) throw new SandboxError("usage: clusterCommand.ts start|stop|delete NAME");
  const own = ownKubeconfig();
  if (action === "start") {
    const start = () => (own === undefined ? startCluster(name) : ownCluster(own));
    console.log(JSON.stringify(await withLock("cluster", CLUSTER_PATIENCE, start)));
  } else if (action === "stop" || action === "delete") {
    // The sandbox never stops or deletes a user's own cluster.
    if (own !== undefined) return;
    const end = () => (action === "stop" ? stopClusterForGood(name) : deleteCluster(name));
    await withLock("cluster", CLUSTER_PATIENCE, end);
  } else {
    throw new SandboxError(`unknown action "${action ?? ""}": use start, stop or delete`);
  }
}

main(process.argv[2], process.argv[3]).catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
