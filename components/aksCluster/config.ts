import * as v from "valibot";
import {
  boolean,
  distinct,
  integer,
  message,
  name,
  oneOf,
  optional,
  refuseCrossed,
  required,
  section,
  string,
  strings,
  variant,
  withDefault,
  withDefaultEnds,
} from "../config/schema";
import { CLUSTER_NAME, VM_SIZE } from "../names/rules";
import { azureTags, LONGEST_TAG_NAME } from "../tags/azureTags";
import { MANAGED_CLUSTER_ID_RULE, parseManagedClusterId } from "../resourceIds/resourceIds";
import { isIpRange } from "./ipRange";
import {
  isSupportedKubernetesVersion,
  KUBERNETES_SUPPORT,
  KUBERNETES_VERSION_RULE,
} from "./kubernetesVersion";
import { SUPPORT_PLANS, TIERS, tierOf } from "./support";

// AKS allows 1000 nodes in a pool; a system pool needs at least one.
const nodeCount = integer(1, 1000);
const DEFAULT_NODES = { min: 2, max: 3 };

/** Sign-in methods of `kubelogin`, the tool that clusters with Entra sign-in ask for a token. */
const LOGIN_METHODS = [
  "azurecli",
  "azd",
  "spn",
  "workloadidentity",
  "msi",
  "devicecode",
  "interactive",
] as const;

export type LoginMethod = (typeof LOGIN_METHODS)[number];

const mode = withDefault(oneOf(["create", "attach"]), "create", {
  meaning: "create a cluster, or use one that exists",
});

const login = optional(oneOf(LOGIN_METHODS), {
  meaning: "how `kubelogin` signs in",
  defaultText: "as azure-native does",
});

const vmSize = name(
  VM_SIZE,
  "see `az vm list-skus --resource-type virtualMachines --location <location>`",
);

const kubernetesVersion = v.pipe(
  string(),
  v.check(
    isSupportedKubernetesVersion,
    message(
      KUBERNETES_VERSION_RULE,
      "choose one of `az aks get-versions --location <location>`, or leave it out for AKS's default",
    ),
  ),
);

const zones = v.pipe(
  strings(),
  v.check(
    (list) => list.every((zone) => /^[123]$/.test(zone)),
    message('must be zones "1", "2" and "3"', 'write ["1", "2", "3"]'),
  ),
  distinct(),
);

const ipRanges = v.pipe(
  strings(),
  v.check(
    (list) => list.every(isIpRange),
    message(
      "must be IPv4 addresses or CIDR ranges other than 0.0.0.0/0",
      "list the networks that deploy, or leave the key out",
    ),
  ),
);

const nodes = v.pipe(
  section(
    {
      vmSize: withDefault(vmSize, "Standard_D4s_v5", { meaning: "VM size of the nodes" }),
      minCount: optional(nodeCount, {
        meaning: "fewest nodes",
        defaultText: `${DEFAULT_NODES.min}, or \`maxCount\` if that is lower`,
      }),
      maxCount: optional(nodeCount, {
        meaning: "most nodes; the node autoscaler stays within both",
        defaultText: `${DEFAULT_NODES.max}, or \`minCount\` if that is higher`,
      }),
      availabilityZones: withDefault(zones, [], {
        meaning: "zones that the nodes are spread over; a change replaces the cluster",
      }),
    },
    ({ values: { minCount, maxCount }, report }) => {
      const keys = { min: "minCount", max: "maxCount" };
      refuseCrossed({ min: minCount, max: maxCount }, keys, report);
    },
  ),
  v.transform(({ minCount, maxCount, ...pool }) => {
    const { min, max } = withDefaultEnds({ min: minCount, max: maxCount }, DEFAULT_NODES);
    return { ...pool, minCount: min, maxCount: max };
  }),
);

export type NodePoolConfig = v.InferOutput<typeof nodes>;

const created = section(
  {
    mode,
    login,
    name: withDefault(name(CLUSTER_NAME), "aml-aks-1", {
      meaning: "the cluster's name; a change replaces it",
    }),
    kubernetesVersion: optional(kubernetesVersion, {
      meaning: `version of Kubernetes; before 1.${KUBERNETES_SUPPORT.oldestCommunityMinor} with \`supportPlan: AKSLongTermSupport\` only`,
      defaultText: "AKS's default",
    }),
    tier: optional(oneOf(TIERS), {
      meaning: "`Standard` and `Premium` have an uptime agreement, `Free` has none",
      defaultText: "`Standard`; `Premium` with long-term support",
    }),
    supportPlan: optional(oneOf(SUPPORT_PLANS), {
      meaning: "`AKSLongTermSupport` adds a second year of support to each version of Kubernetes",
      defaultText: "as it is, which is `KubernetesOfficial` at first",
    }),
    nodes: withDefault(nodes, {}, { meaning: "the node pool" }),
    authorizedIpRanges: withDefault(ipRanges, [], {
      meaning: "who may reach the API server, as IPv4 addresses or CIDR ranges; everyone if empty",
    }),
    tags: withDefault(
      azureTags(LONGEST_TAG_NAME.anywhere),
      {},
      { meaning: "tags of the cluster and its identities" },
    ),
  },
  tierOf,
);

const COPY_ID = "copy it from `az aks show --name <name> --resource-group <group> --query id`";

const clusterId = v.pipe(
  string(),
  v.check(
    (id) => parseManagedClusterId(id) !== undefined,
    message(MANAGED_CLUSTER_ID_RULE, COPY_ID),
  ),
);

const attached = section({
  mode,
  login,
  resourceId: required(clusterId, { remedy: COPY_ID }, { meaning: "the cluster's ARM id" }),
  grantPull: withDefault(boolean(), true, {
    meaning: "`false` if the cluster may pull from the registry already",
  }),
});

/** `azureml-aks:cluster`: a cluster to create, or an existing one that is only used. */
export const clusterSchema = variant(
  {
    create: v.pipe(
      created,
      v.transform((cluster) => ({ ...cluster, mode: "create" as const })),
    ),
    attach: v.pipe(
      attached,
      v.transform((cluster) => ({ ...cluster, mode: "attach" as const })),
    ),
  },
  "create",
);

export type ClusterConfig = v.InferOutput<typeof clusterSchema>;
