import * as path from "node:path";

/** The kubeconfig of the user's own cluster; undefined when the sandbox is to run one itself. */
export function ownKubeconfig(): string | undefined {
  const file = process.env.SANDBOX_KUBECONFIG;
  return file === undefined || file === "" ? undefined : path.resolve(file);
}
