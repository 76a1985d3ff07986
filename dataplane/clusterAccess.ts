import { mayMakeNamespaces } from "./kubernetes/access";
import { isPassing } from "./kubernetes/errors";
import { stringInput, type ResourceType } from "./resourceType";
import { RoleMissing, withRole } from "./roleWait";

/**
 * The deployer's right to a cluster, once it has it: an assigned role takes up to five minutes to reach the
 * API server, which refuses everything until then.
 *
 * @see https://learn.microsoft.com/azure/aks/manage-azure-rbac
 */
export const clusterAccess: ResourceType = {
  identity: ["clusterId"],
  content: [],

  async create(inputs, run) {
    const clusterId = stringInput(inputs, "clusterId");
    const use = {
      what: "deploying to the cluster",
      role: "Azure Kubernetes Service RBAC Cluster Admin",
      scope: clusterId,
      isGranted: inputs.isGranted === true,
    };
    await withRole(use, run, async () => {
      const isAllowed = await mayMakeNamespaces(inputs).catch((error: unknown) => {
        // A new API server may still be on its way, too.
        if (use.isGranted && isPassing(error)) return false;
        throw error;
      });
      if (!isAllowed) throw new RoleMissing("the API server lets the deployer make no namespaces");
    });
    // Whoever reads the state needs no kubeconfig from here.
    return { id: clusterId, outs: { clusterId, isGranted: use.isGranted } };
  },
  exists: () => Promise.resolve(true),
  // It is a note in the state and nowhere else.
  delete: () => Promise.resolve(),
};
