import * as fs from "node:fs";
import { KubeConfig, VersionApi } from "@kubernetes/client-node";
import type { ClusterAccess } from "../azure/cluster/contract";
import { writeWhole } from "../host/layout";
import { messageOf, SandboxError } from "../host/sandboxError";
import { adminKubeconfig } from "./paths";

/**
 * The address of the user's own cluster.
 * @throws SandboxError when the kubeconfig is invalid or the cluster does not answer.
 */
export async function ownCluster(path: string): Promise<ClusterAccess> {
  const config = new KubeConfig();
  try {
    config.loadFromFile(path);
    const cluster = config.getCurrentCluster();
    if (cluster === null) throw new Error("it has no current context");
    const { gitVersion } = await config.makeApiClient(VersionApi).getCode();
    const content = fs.readFileSync(path, "utf8");
    writeWhole(adminKubeconfig, content, 0o600);
    const caData = cluster.caFile
      ? fs.readFileSync(cluster.caFile).toString("base64")
      : cluster.caData;
    return {
      server: cluster.server,
      caData: caData ?? "",
      adminKubeconfig: content,
      kubernetesVersion: gitVersion.replace(/^v/, ""),
    };
  } catch (error) {
    const fault = `SANDBOX_KUBECONFIG=${path} does not lead to a cluster (${messageOf(error)})`;
    throw new SandboxError(fault, "Unset it, or name a kubeconfig whose current context answers");
  }
}
