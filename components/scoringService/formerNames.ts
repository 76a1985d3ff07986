import * as pulumi from "@pulumi/pulumi";

/**
 * Gives the resources of a service the names as aliases that they had when they were named for the
 * service instead of its namespace.
 *
 * @param name start of their names now.
 * @param former start of their names then.
 */
export function formerNames(name: string, former: string): pulumi.ResourceTransformation {
  return ({ type, name: full, props, opts }) => {
    if (type.startsWith("azureml-aks:") || !full.startsWith(name)) return undefined;
    const alias = { name: `${former}${full.slice(name.length)}` };
    return { props, opts: pulumi.mergeOptions(opts, { aliases: [alias] }) };
  };
}
