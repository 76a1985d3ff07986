import yaml from "js-yaml";
import type { Resource } from "../arm/store";
import type { ClusterAccess } from "./contract";

/** Application id of "Azure Kubernetes Service AAD Server": the audience of every AKS token. */
export const AKS_SERVER_ID = "6dae42f8-4368-4678-94ff-3960e28e3630";
/** Application id of "Azure Kubernetes Service AAD Client", which AKS writes into kubeconfigs. */
const AKS_CLIENT_ID = "80faf920-1908-4b52-b5ef-a8e7bedfc67a";

/** Base64 of the administrator's kubeconfig. */
export function adminKubeconfig({ adminKubeconfig }: ClusterAccess): string {
  return Buffer.from(adminKubeconfig).toString("base64");
}

/** Base64 of the kubeconfig that AKS gives a user of a cluster with Entra ID. */
export function userKubeconfig(
  { body }: Resource,
  { server, caData }: ClusterAccess,
  tenantId: string,
): string {
  const group = body.id.split("/")[4] ?? "";
  const user = `clusterUser_${group}_${body.name}`;
  const args = ["get-token", "--environment", "AzurePublicCloud", "--server-id", AKS_SERVER_ID];
  args.push("--client-id", AKS_CLIENT_ID, "--tenant-id", tenantId, "--login", "devicecode");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: body.name, cluster: { server, "certificate-authority-data": caData } }],
    contexts: [{ name: body.name, context: { cluster: body.name, user } }],
    "current-context": body.name,
    preferences: {},
    users: [
      {
        name: user,
        user: {
          exec: {
            apiVersion: "client.authentication.k8s.io/v1beta1",
            command: "kubelogin",
            args,
            env: null,
            provideClusterInfo: false,
            interactiveMode: "IfAvailable",
          },
        },
      },
    ],
  };
  return Buffer.from(yaml.dump(config)).toString("base64");
}
