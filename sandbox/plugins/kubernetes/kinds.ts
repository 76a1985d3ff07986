import { hasUnknown, isMap, revealMap, UnknownTypeError } from "../protocol";
import type { CheckFailure, PropertyMap } from "../protocol";

/** A kind of Kubernetes object that this stand-in offers. */
export interface Kind {
  apiVersion: string;
  kind: string;
  /** Whether objects of the kind belong to a namespace. */
  isNamespaced: boolean;
  /** Fields that the API server refuses to change: a change replaces the object. */
  immutable: readonly string[];
}

function define(
  apiVersion: string,
  kind: string,
  details: Partial<Pick<Kind, "isNamespaced" | "immutable">> = {},
): Kind {
  return { apiVersion, kind, isNamespaced: true, immutable: [], ...details };
}

/** What the program makes. */
const KINDS: Readonly<Record<string, Kind>> = {
  "kubernetes:core/v1:Namespace": define("v1", "Namespace", { isNamespaced: false }),
  "kubernetes:core/v1:Secret": define("v1", "Secret", { immutable: ["type"] }),
  "kubernetes:core/v1:ServiceAccount": define("v1", "ServiceAccount"),
  "kubernetes:core/v1:Service": define("v1", "Service", { immutable: ["spec.clusterIP"] }),
  "kubernetes:apps/v1:Deployment": define("apps/v1", "Deployment", {
    immutable: ["spec.selector"],
  }),
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": define(
    "autoscaling/v2",
    "HorizontalPodAutoscaler",
  ),
  "kubernetes:policy/v1:PodDisruptionBudget": define("policy/v1", "PodDisruptionBudget"),
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": define("networking.k8s.io/v1", "NetworkPolicy"),
};

/**
 * The kind of a type token such as `kubernetes:core/v1:Service`.
 *
 * @throws UnknownTypeError for a token that this stand-in does not offer
 */
export function kindOf(token: string): Kind {
  const kind = KINDS[token];
  if (kind === undefined) throw new UnknownTypeError("kubernetes", token, Object.keys(KINDS));
  return kind;
}

/** The fields of an object that the API server refuses to change. */
export function immutableFields(apiVersion: unknown, kind: unknown): readonly string[] {
  const found = Object.values(KINDS).find(
    (one) => one.apiVersion === apiVersion && one.kind === kind,
  );
  return found?.immutable ?? [];
}

/** Kinds that the plugin waits for until they are ready, which this stand-in does not. */
const AWAITED = ["Deployment", "Service"];

/** Refuses an object that the plugin would wait for. */
export function refuseWaiting(inputs: PropertyMap): CheckFailure[] {
  const { kind, metadata } = inputs;
  if (typeof kind !== "string" || !AWAITED.includes(kind) || hasUnknown(metadata)) return [];
  const { annotations } = isMap(metadata) ? revealMap(metadata) : {};
  if (isMap(annotations) && annotations["pulumi.com/skipAwait"] === "true") return [];
  const reason =
    `this stand-in does not wait until a ${kind} is ready: ` +
    'set the annotation "pulumi.com/skipAwait": "true", and watch it by other means';
  return [{ property: "metadata.annotations", reason }];
}
