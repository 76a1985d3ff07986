import type { ScaleConfig } from "./scale";

/**
 * How the kubernetes provider applies an object. Its own names for who manages an object's fields are
 * random at each creation: after a creation that was cut off there would be two managers, whose fields
 * stand in each other's way for ever. Under one name a field that goes from the program goes from the
 * cluster. Fields that somebody else has changed in between are taken back.
 */
export const MANAGED = {
  "pulumi.com/patchFieldManager": "azureml-aks",
  "pulumi.com/patchForce": "true",
};

/** For what is watched by us: the provider does not wait for it. */
export const UNAWAITED = { "pulumi.com/skipAwait": "true" };

/**
 * Who decides on the number of pods. The provider compares with what it knew last, which an autoscaler
 * has changed since: only because this changes is the new number applied when it becomes fixed.
 */
export function scaledBy(scale: ScaleConfig): Readonly<Record<string, string>> {
  return { "azureml-aks/replicas": scale.kind === "fixed" ? "fixed" : "by-load" };
}
