import { DNS_LABEL } from "../validation/azureNames";
import { parseQuantity } from "../validation/quantities";
import { readImage } from "./image";
import { nearest } from "./nearest";
import type { Section } from "./section";
import { EXPOSURES, type ResourceAmounts, type ScaleConfig, type ServiceConfig } from "./types";

// One service never needs more pods than AKS's 250 a node on many nodes; the bound catches typos.
const REPLICAS = { min: 1, max: 1000 };
const KEY_VERSION = { min: 1, max: 1_000_000 };
const PERCENT = { min: 1, max: 100 };
// One day: longer than any image pull, and a typo in the unit is still seen.
const TIMEOUT = { min: 30, max: 86_400 };
const RESERVED_NAMESPACES = [
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "gatekeeper-system",
];

const RESERVED_SETTINGS = ["AZUREML_MODEL_DIR", "AZUREML_ENTRY_SCRIPT", "SERVICE_NAME"];

function readScale(section: Section): ScaleConfig {
  if (section.has("replicas") && section.has("autoscale")) {
    section.fault(
      "replicas",
      "must not be set together with autoscale",
      "keep replicas for a fixed number of pods, or autoscale for one that follows the load",
    );
  }
  const replicas = section.optionalInteger("replicas", REPLICAS);
  const auto = section.section("autoscale");
  const mostAllowed = auto.optionalInteger("maxReplicas", REPLICAS);
  const minReplicas = auto.integer("minReplicas", REPLICAS, Math.min(mostAllowed ?? 2, 2));
  const maxReplicas = mostAllowed ?? Math.max(minReplicas, 10);
  const targetCpuUtilization = auto.integer("targetCpuUtilization", PERCENT, 70);
  if (minReplicas > maxReplicas) {
    auto.fault(
      "minReplicas",
      `must not be above maxReplicas (${maxReplicas})`,
      "lower it or raise maxReplicas",
    );
  }
  auto.close();
  return replicas === undefined
    ? { kind: "auto", minReplicas, maxReplicas, targetCpuUtilization }
    : { kind: "fixed", replicas };
}

function readAmounts(section: Section, fallback: ResourceAmounts): ResourceAmounts {
  const read = (key: "cpu" | "memory", example: string): string => {
    const value = section.string(key, fallback[key]);
    if (parseQuantity(value) !== undefined) return value;
    section.fault(key, "must be a Kubernetes quantity above zero", `write it like "${example}"`);
    return fallback[key];
  };
  const amounts = { cpu: read("cpu", "500m"), memory: read("memory", "512Mi") };
  section.close();
  return amounts;
}

function readResources(section: Section): { requests: ResourceAmounts; limits: ResourceAmounts } {
  // v1's requests (0.1 core, 0.5 GB); the limits leave room for a second core of BLAS.
  const requestsSection = section.section("requests");
  const requests = readAmounts(requestsSection, { cpu: "100m", memory: "512Mi" });
  const limits = readAmounts(section.section("limits"), { cpu: "1", memory: "1Gi" });
  for (const key of ["cpu", "memory"] as const) {
    const request = parseQuantity(requests[key]) ?? 0;
    const limit = parseQuantity(limits[key]) ?? 0;
    if (request > limit) {
      requestsSection.fault(
        key,
        `must not be above the limit (${requests[key]} > ${limits[key]})`,
        "lower the request or raise the limit",
      );
    }
  }
  section.close();
  return { requests, limits };
}

function readNamespace(section: Section, serviceName: string): string {
  const namespace = section.string("namespace", serviceName);
  if (!DNS_LABEL.pattern.test(namespace)) {
    section.fault("namespace", DNS_LABEL.rule, "choose a name by this rule");
  }
  if (RESERVED_NAMESPACES.includes(namespace)) {
    section.fault("namespace", "must be the service's own", `leave it out for "${serviceName}"`);
  }
  return namespace;
}

function readModelNames(section: Section, known: readonly string[]): readonly string[] {
  const names = section.strings("models");
  if (names.length === 0 && (!section.has("models") || Array.isArray(section.raw("models")))) {
    section.fault("models", "must name at least one model", "list keys of azureml-aks:models");
  }
  for (const name of names.filter((candidate) => !known.includes(candidate))) {
    const suggestion = nearest(name, known);
    section.fault(
      "models",
      `must be keys of azureml-aks:models; there is no "${name}"`,
      suggestion === undefined ? "add the model there" : `did you mean "${suggestion}"?`,
    );
  }
  return names;
}

/** Settings of the scoring server; what the program itself sets is not to be overridden. */
function readSettings(section: Section): Readonly<Record<string, string>> {
  const settings = section.stringMap("settings");
  for (const name of RESERVED_SETTINGS.filter((reserved) => reserved in settings)) {
    section.fault("settings", `must not set ${name}, which follows from the service`, "remove it");
  }
  return settings;
}

function readService(
  name: string,
  section: Section,
  knownModels: readonly string[],
): ServiceConfig {
  if (!DNS_LABEL.pattern.test(name)) {
    const rule = `the service's name "${name}" ${DNS_LABEL.rule}`;
    section.fault("name", rule, "rename the key", name);
  }
  const keys = section.section("keyVersions");
  const service: ServiceConfig = {
    name,
    namespace: readNamespace(section, name),
    models: readModelNames(section, knownModels),
    image: readImage(section.section("image"), name),
    scale: readScale(section),
    ...readResources(section.section("resources")),
    exposure: section.oneOf("exposure", EXPOSURES, "internal"),
    allowEgress: section.boolean("allowEgress", false),
    keyVersions: {
      primary: keys.integer("primary", KEY_VERSION, 1),
      secondary: keys.integer("secondary", KEY_VERSION, 1),
    },
    settings: readSettings(section),
    rolloutTimeoutSeconds: section.integer("rolloutTimeoutSeconds", TIMEOUT, 600),
  };
  keys.close();
  section.close();
  return service;
}

function refuseShared(
  section: Section,
  services: readonly ServiceConfig[],
  key: string,
  valueOf: (service: ServiceConfig) => string,
): void {
  const owners = new Map<string, string>();
  for (const service of services) {
    const value = valueOf(service);
    const owner = owners.get(value);
    if (owner !== undefined) {
      section.fault(
        `${service.name}.${key}`,
        `must be the service's own; "${value}" is ${owner}'s`,
        `give ${service.name} another one`,
        value,
      );
    }
    owners.set(value, service.name);
  }
}

/** Reads `azureml-aks:services`, a map of scoring services by name. */
export function readServices(
  section: Section,
  knownModels: readonly string[],
): readonly ServiceConfig[] {
  const services = section
    .sections()
    .map(([name, service]) => readService(name, service, knownModels));
  refuseShared(section, services, "namespace", (service) => service.namespace);
  refuseShared(section, services, "image.name", (service) => service.image.name);
  return services;
}
