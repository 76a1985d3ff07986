import * as enums from "@pulumi/azure-native/types/enums/containerservice";
import type * as inputs from "@pulumi/azure-native/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterConfig, NodePoolConfig } from "./config";
import { tagged } from "../tags/tagged";

type Created = Extract<ClusterConfig, { mode: "create" }>;

/** What AKS allows in a DNS prefix: letters, digits and hyphens, at most 54. */
const LONGEST_DNS_PREFIX = 54;

function nodePool(
  nodes: NodePoolConfig,
): inputs.containerservice.ManagedClusterAgentPoolProfileArgs {
  const pool = {
    name: "system",
    mode: "System",
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    vmSize: nodes.vmSize,
    count: nodes.minCount,
    minCount: nodes.minCount,
    maxCount: nodes.maxCount,
    enableAutoScaling: true,
    upgradeSettings: { maxSurge: "33%" },
  };
  // An empty list of zones is not the same as none: the API refuses it.
  return nodes.availabilityZones.length > 0
    ? { ...pool, availabilityZones: [...nodes.availabilityZones] }
    : pool;
}

/** Identities that a cluster works with. */
export interface ClusterIdentities {
  /** ARM id of the control plane's identity. */
  readonly controlPlaneId: pulumi.Input<string>;
  readonly kubeletId: pulumi.Input<string>;
  readonly kubeletClientId: pulumi.Input<string>;
  readonly kubeletObjectId: pulumi.Input<string>;
  readonly tenantId: string;
}

/**
 * The cluster's properties: Entra sign-in with Azure roles instead of local accounts, managed
 * identities, Azure CNI overlay with Cilium, which enforces network policies, and upgrades of
 * patches and node images by AKS.
 *
 * @see https://learn.microsoft.com/azure/aks/operator-best-practices-cluster-security
 */
export function managedCluster(config: Created, identities: ClusterIdentities) {
  const apiServer =
    config.authorizedIpRanges.length > 0
      ? { apiServerAccessProfile: { authorizedIPRanges: [...config.authorizedIpRanges] } }
      : {};
  const version =
    config.kubernetesVersion === undefined ? {} : { kubernetesVersion: config.kubernetesVersion };
  return {
    ...version,
    ...apiServer,
    sku: { name: "Base", tier: config.tier },
    ...(config.supportPlan !== undefined && { supportPlan: config.supportPlan }),
    dnsPrefix: config.name.replace(/[^a-zA-Z0-9-]/g, "-").slice(0, LONGEST_DNS_PREFIX),
    identity: {
      type: enums.ResourceIdentityType.UserAssigned,
      userAssignedIdentities: [identities.controlPlaneId],
    },
    identityProfile: {
      kubeletidentity: {
        resourceId: identities.kubeletId,
        clientId: identities.kubeletClientId,
        objectId: identities.kubeletObjectId,
      },
    },
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: { managed: true, enableAzureRBAC: true, tenantID: identities.tenantId },
    agentPoolProfiles: [nodePool(config.nodes)],
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      loadBalancerSku: "standard",
    },
    autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
    oidcIssuerProfile: { enabled: true },
    securityProfile: { workloadIdentity: { enabled: true } },
    ...tagged(config.tags),
  };
}

/** Properties that AKS itself moves: the autoscaler the count, upgrades the versions. */
export const MOVED_BY_AKS = [
  "agentPoolProfiles[0].count",
  "agentPoolProfiles[0].orchestratorVersion",
  "agentPoolProfiles[0].nodeImageVersion",
];
