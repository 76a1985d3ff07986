import type { GoProgram } from "../engine/goBuild";
import { inState } from "../host/layout";
import versions from "../versions.json";

const [major, minor] = versions.kubernetes.split(".");

/** The server programs of Kubernetes, in one binary. */
export const kubernetes: GoProgram = {
  name: "kubernetes",
  module: "kubernetes",
  package: ".",
  variables: {
    "k8s.io/component-base/version.gitVersion": `v${versions.kubernetes}`,
    "k8s.io/component-base/version.gitMajor": `${major}`,
    "k8s.io/component-base/version.gitMinor": `${minor}`,
  },
};

/** A path among the cluster's files. */
export function inCluster(...parts: string[]): string {
  return inState("kubernetes", ...parts);
}

/** A path among the container runtime's files. */
export function inRuntime(...parts: string[]): string {
  return inState("containerd", ...parts);
}

/** The container runtime's socket. */
export const runtimeSocket = inState("run", "containerd.sock");

/** The kubeconfig of the cluster's administrator. */
export const adminKubeconfig = inCluster("admin.kubeconfig");

/** The daemons of a cluster, in groups that are stopped one after another. */
export const daemonGroups = [
  ["load-balancer", "kubelet", "kube-proxy", "kube-scheduler", "kube-controller-manager"],
  ["kube-apiserver", "containerd"],
  ["etcd"],
];

/** Every daemon of a cluster. */
export const clusterDaemons = daemonGroups.flat();
