import { resolve } from "node:path";

/** The kubeconfig of the user's own cluster; undefined when the sandbox is to run one itself. */
export function ownKubeconfig(): string | undefined {
  const path = process.env.SANDBOX_KUBECONFIG;
  return path === undefined || path === "" ? undefined : resolve(path);
}
