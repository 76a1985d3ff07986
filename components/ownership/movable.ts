import * as pulumi from "@pulumi/pulumi";

function asMoved({ type, props, opts }: pulumi.ResourceTransformationArgs) {
  if (type.startsWith("azureml-aks:")) return undefined;
  const aliases = [{ parent: pulumi.rootStackResource }];
  return { props, opts: pulumi.mergeOptions(opts, { aliases }) };
}

/**
 * Options of a component with resources that can be handed over: `pulumi state move` takes them out
 * of their component, and in the stack that they come to the component finds them again.
 */
export function movable(
  opts: pulumi.ComponentResourceOptions = {},
): pulumi.ComponentResourceOptions {
  return { ...opts, transformations: [...(opts.transformations ?? []), asMoved] };
}
