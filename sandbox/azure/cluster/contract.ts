/**
 * What the emulator and the cluster's own programs tell each other: the cluster command prints a
 * {@link ClusterAccess}, and the image credential provider reads a {@link KubeletIdentity}.
 */
import * as path from "node:path";

/** How to reach a cluster that was started. */
export interface ClusterAccess {
  /** The API server's URL. */
  readonly server: string;
  /** Its certificate authority: PEM in base64. */
  readonly caData: string;
  /** Kubeconfig with a client certificate of the cluster's administrator. */
  readonly adminKubeconfig: string;
  readonly kubernetesVersion: string;
}

/** The managed identity with which the kubelet pulls images. */
export interface KubeletIdentity {
  readonly clientId: string;
  readonly objectId: string;
  readonly tenantId: string;
  /** Base URL of the instance metadata service. */
  readonly imdsEndpoint: string;
}

/** The file of the kubelet's identity, below the sandbox's state folder. */
export function kubeletIdentityFile(sandboxDir: string): string {
  return path.join(sandboxDir, "kubernetes", "kubelet-identity.json");
}
