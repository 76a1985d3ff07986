import { resolve } from "node:path";

/** The kubeconfig of a cluster of the user's own; undefined when the sandbox is to run one. */
export function ownKubeconfig(): string | undefined {
  const path = process.env.SANDBOX_KUBECONFIG;
  return path === undefined || path === "" ? undefined : resolve(path);
}
