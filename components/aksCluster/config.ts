import { CLUSTER_NAME, VM_SIZE } from "../validation/azureNames";
import {
  isSupportedKubernetesVersion,
  KUBERNETES_VERSION_RULE,
} from "../validation/kubernetesVersion";
import { MANAGED_CLUSTER_ID_RULE, parseManagedClusterId } from "../validation/resourceIds";
import type { Section } from "./section";
import { LOGIN_METHODS, type ClusterConfig, type LoginMethod, type NodePoolConfig } from "./types";

// AKS allows 1000 nodes in a pool; a system pool needs at least one.
const NODE_COUNT = { min: 1, max: 1000 };
const CIDR = /^(\d{1,3}\.){3}\d{1,3}(\/\d{1,2})?$/;
const ZONE = /^[123]$/;

function nodePool(section: Section): NodePoolConfig {
  const vmSize = section.string("vmSize", "Standard_D4s_v5");
  if (!VM_SIZE.pattern.test(vmSize)) {
    section.fault("vmSize", VM_SIZE.rule, "see `az vm list-sizes --location <location>`");
  }
  const mostAllowed = section.optionalInteger("maxCount", NODE_COUNT);
  const minCount = section.integer("minCount", NODE_COUNT, Math.min(mostAllowed ?? 2, 2));
  const maxCount = mostAllowed ?? Math.max(minCount, 3);
  if (minCount > maxCount) {
    section.fault(
      "minCount",
      `must not be above maxCount (${maxCount})`,
      "lower it or raise maxCount",
    );
  }
  const availabilityZones = section.strings("availabilityZones");
  if (!availabilityZones.every((zone) => ZONE.test(zone))) {
    section.fault("availabilityZones", 'must be zones "1", "2" and "3"', 'write ["1", "2", "3"]');
  }
  section.close();
  return { vmSize, minCount, maxCount, availabilityZones };
}

function created(section: Section, login: LoginMethod): ClusterConfig {
  const name = section.string("name", "aml-aks-1");
  if (!CLUSTER_NAME.pattern.test(name)) {
    section.fault("name", CLUSTER_NAME.rule, "choose a name by this rule");
  }
  const kubernetesVersion = section.optionalString("kubernetesVersion");
  if (kubernetesVersion !== undefined && !isSupportedKubernetesVersion(kubernetesVersion)) {
    section.fault(
      "kubernetesVersion",
      KUBERNETES_VERSION_RULE,
      "choose one of `az aks get-versions --location <location>`, or leave it out for AKS's default",
    );
  }
  const authorizedIpRanges = section.strings("authorizedIpRanges");
  if (!authorizedIpRanges.every((range) => CIDR.test(range) && range !== "0.0.0.0/0")) {
    section.fault(
      "authorizedIpRanges",
      "must be IPv4 addresses or CIDR ranges other than 0.0.0.0/0",
      "list the networks that deploy, or leave the key out",
    );
  }
  const tier = section.oneOf("tier", ["Free", "Standard"] as const, "Standard");
  const nodes = nodePool(section.section("nodes"));
  const tags = section.stringMap("tags");
  const common = { mode: "create", name, login, tier, nodes, authorizedIpRanges, tags } as const;
  return kubernetesVersion === undefined ? common : { ...common, kubernetesVersion };
}

function attached(section: Section, login: LoginMethod): ClusterConfig {
  const resourceId = section.requiredString(
    "resourceId",
    "copy it from `az aks show --name <name> --resource-group <group> --query id`",
  );
  if (resourceId !== "" && parseManagedClusterId(resourceId) === undefined) {
    section.fault(
      "resourceId",
      MANAGED_CLUSTER_ID_RULE,
      "copy it from `az aks show --name <name> --resource-group <group> --query id`",
    );
  }
  return { mode: "attach", login, resourceId, grantPull: section.boolean("grantPull", true) };
}

/** Reads `azureml-aks:cluster`. */
export function readCluster(section: Section): ClusterConfig {
  const mode = section.oneOf("mode", ["create", "attach"], "create");
  const login = section.oneOf("login", LOGIN_METHODS, "azurecli");
  const cluster = mode === "create" ? created(section, login) : attached(section, login);
  section.close();
  return cluster;
}
