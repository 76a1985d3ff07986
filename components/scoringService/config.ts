import * as v from "valibot";
import { isEntries, type Entries } from "../config/entries";
import { nearest } from "../config/nearest";
import {
  boolean,
  byName,
  distinct,
  integer,
  message,
  name,
  oneOf,
  optional,
  required,
  section,
  strings,
  withDefault,
  type Report,
} from "../config/schema";
import { DNS_LABEL } from "../names/rules";
import { imageSchema } from "../scoringImage/config";
import { resources } from "./resources";
import { refuseUnanswerable, sample } from "./sample/config";
import { scaleOf, scaling, refuseBoth } from "./scale";
import { settings } from "./settings";

const RESERVED_NAMESPACES = [
  "default",
  "kube-system",
  "kube-public",
  "kube-node-lease",
  "gatekeeper-system",
];

/** Who can reach a service: everybody, the virtual network, or pods of the cluster. */
const EXPOSURES = ["public", "internal", "cluster"] as const;

export type Exposure = (typeof EXPOSURES)[number];

const keyVersion = withDefault(integer(1, 1_000_000), 1, {
  meaning: "raise it to make a new key; pods take it up without a restart",
});

function namespace(serviceName: string) {
  return v.pipe(
    name(DNS_LABEL),
    v.check(
      (value) => !RESERVED_NAMESPACES.includes(value),
      message("must be the service's own", `leave it out for "${serviceName}"`),
    ),
  );
}

/** The models of a service, which are among the registered ones. */
function models(known: readonly string[]) {
  const none = message("must name at least one model", "list keys of azureml-aks:models");
  const unknown = (names: readonly string[]) => names.find((model) => !known.includes(model));
  return v.pipe(
    strings(),
    v.minLength(1, none),
    distinct(),
    v.check(
      (names) => unknown(names) === undefined,
      ({ input }) => {
        const stranger = unknown(input) ?? "";
        const suggestion = nearest(stranger, known);
        return message(
          `must be keys of azureml-aks:models; there is no "${stranger}"`,
          suggestion === undefined ? "add the model there" : `did you mean "${suggestion}"?`,
        );
      },
    ),
  );
}

function options(serviceName: string, knownModels: readonly string[]) {
  return {
    models: required(
      models(knownModels),
      { rule: "must name at least one model", remedy: "list keys of azureml-aks:models" },
      { meaning: "keys of `azureml-aks:models`" },
    ),
    image: withDefault(imageSchema(serviceName), {}, { meaning: "the image" }),
    ...scaling,
    resources: withDefault(resources, {}, { meaning: "CPU and memory of each pod" }),
    exposure: withDefault(oneOf(EXPOSURES), "internal", {
      meaning: "who can reach the service: everybody, the virtual network, pods of the cluster",
    }),
    allowEgress: withDefault(boolean(), false, {
      meaning: "whether the script may open connections",
    }),
    namespace: optional(namespace(serviceName), {
      meaning: "each service has a namespace of its own",
      defaultText: "the service's name",
    }),
    keyVersions: withDefault(
      section({ primary: keyVersion, secondary: keyVersion }),
      {},
      { meaning: "the keys" },
    ),
    settings: withDefault(
      settings(),
      {},
      {
        meaning:
          "[settings of the scoring server](docs/scoring-settings.md), and variables for the script",
      },
    ),
    sample: optional(sample(serviceName), {
      meaning: "a request that each pod answers before it is ready",
    }),
    // At most one day: longer than any image pull, and a typo in the unit is still seen.
    rolloutTimeoutSeconds: withDefault(integer(30, 86_400), 600, {
      meaning: "longest wait for pods to become ready, in seconds",
    }),
  };
}

/** Whether the value at a path of keys, from the name of a service, is secret. */
type IsSecret = (...path: readonly string[]) => boolean;

function service(serviceName: string, knownModels: readonly string[], isSecret: IsSecret) {
  return v.pipe(
    section(options(serviceName, knownModels), (check) => {
      refuseBoth(check);
      refuseUnanswerable(check);
    }),
    v.transform(({ replicas, autoscale, resources: { requests, limits }, sample, ...rest }) => ({
      ...rest,
      sample: sample && { ...sample, isSecret: isSecret(serviceName, "sample") },
      /** Names of the settings that pods get from a Secret. */
      secretSettings: Object.keys(rest.settings).filter((setting) =>
        isSecret(serviceName, "settings", setting),
      ),
      name: serviceName,
      namespace: rest.namespace ?? serviceName,
      scale: scaleOf(replicas, autoscale),
      requests,
      limits,
    })),
  );
}

/** A name that each service must have for itself. */
interface OwnName {
  readonly path: readonly string[];
  /** The name as written; where it is left out, the service's is taken. */
  readonly written: (service: Entries) => unknown;
}

const OWN_NAMES: readonly OwnName[] = [
  { path: ["namespace"], written: ({ namespace }) => namespace },
  { path: ["image", "name"], written: ({ image }) => (isEntries(image) ? image.name : undefined) },
];

/** Whether the service runs an image that was there, which it may share with others. */
function sharesImage(service: unknown, path: readonly string[]): boolean {
  if (path[0] !== "image" || !isEntries(service)) return false;
  return isEntries(service.image) && (service.image.digest ?? undefined) !== undefined;
}

/** Two services with one namespace or image would delete each other's. */
function refuseShared(services: Entries, report: Report): void {
  for (const { path, written } of OWN_NAMES) {
    const owners = new Map<string, string>();
    for (const [serviceName, raw] of Object.entries(services)) {
      if (sharesImage(raw, path)) continue;
      const name = isEntries(raw) ? written(raw) : undefined;
      const value = typeof name === "string" ? name : serviceName;
      const owner = owners.get(value);
      if (owner !== undefined) {
        report({
          path: [serviceName, ...path],
          value,
          rule: `must be the service's own; "${value}" is ${owner}'s`,
          remedy: `give ${serviceName} another one`,
        });
      }
      owners.set(value, serviceName);
    }
  }
}

/**
 * `azureml-aks:services`: scoring services by name.
 *
 * @param knownModels keys of `azureml-aks:models`.
 * @param isSecret says which values must not be seen.
 */
export function servicesSchema(knownModels: readonly string[], isSecret: IsSecret) {
  return byName(
    { noun: "service", ...DNS_LABEL },
    (serviceName) => service(serviceName, knownModels, isSecret),
    refuseShared,
  );
}

export type ServiceConfig = v.InferOutput<ReturnType<typeof servicesSchema>>[number];
