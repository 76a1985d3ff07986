import { stopAzure } from "../azure/daemon";
import { CLUSTER_PATIENCE, stopCluster } from "../cluster/cluster";
import { stopDocker } from "../docker/dockerEngine";
import { withLock } from "../host/lock";
import { releaseHost } from "../host/oneOnHost";
import { progress } from "../host/progress";

/** Stops every part; all data stays, and `start` goes on from it. */
export async function stop(): Promise<void> {
  await progress.step("stop Kubernetes", () => withLock("cluster", CLUSTER_PATIENCE, stopCluster));
  await progress.step("stop Azure", stopAzure);
  await progress.step("stop Docker", stopDocker);
  releaseHost();
}
