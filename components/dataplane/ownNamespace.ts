import * as pulumi from "@pulumi/pulumi";
import { FUNCTIONS, type NamespaceState } from "../../dataplane/contract";

/** Arguments of `ownNamespace`. */
export interface OwnNamespaceArgs {
  readonly kubeconfig: pulumi.Output<string>;
  readonly namespace: string;
  /** Labels by which a namespace of ours is known. */
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * Refuses a namespace that is somebody else's.
 *
 * @param wanted its name, and the labels of one of ours.
 * @throws RunError naming the remedy.
 */
export function refuseForeign(
  { namespace, labels }: Pick<OwnNamespaceArgs, "labels" | "namespace">,
  found: NamespaceState,
): void {
  const isOurs = Object.entries(labels).every(([key, value]) => found.labels?.[key] === value);
  if (found.labels === undefined || isOurs) return;
  throw new pulumi.RunError(
    `the cluster has a namespace ${namespace} that this program has not made: ` +
      "choose another one by `namespace` of the service, or delete it",
  );
}

/**
 * Name of a namespace that is ours, or that nobody has yet; a preview asks the cluster too, where it can
 * be reached.
 *
 * @throws RunError in the output when the namespace is somebody else's.
 */
export function ownNamespace(
  { kubeconfig, namespace, labels }: OwnNamespaceArgs,
  opts: pulumi.InvokeOptions,
): pulumi.Output<string> {
  const asked = kubeconfig.apply((known) =>
    pulumi.runtime.invoke(FUNCTIONS.namespace, { kubeconfig: known, namespace }, opts),
  ) as pulumi.Output<NamespaceState>;
  // A name is no secret, although the way to the cluster is one.
  return pulumi.unsecret(asked).apply((found) => {
    refuseForeign({ namespace, labels }, found);
    return namespace;
  });
}
