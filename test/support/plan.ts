import { pulumi } from "./sandbox";

interface Step {
  readonly op: string;
  readonly urn: string;
}

/** Type of a resource from its URN, without the types of its parents. */
function typeOf(urn: string): string {
  const types = urn.split("::")[2] ?? "";
  return types.slice(types.lastIndexOf("$") + 1);
}

/**
 * What `pulumi preview` would change: types of resources, each with its operations, sorted.
 * Unchanged resources and reads are left out.
 */
export async function plannedChanges(...args: readonly string[]): Promise<readonly string[]> {
  const text = await pulumi("preview", "--json", ...args);
  const plan = JSON.parse(text.slice(text.indexOf("{\n"))) as { readonly steps: readonly Step[] };
  const changes = plan.steps
    .filter(({ op }) => !["same", "read", "refresh"].includes(op))
    .map(({ op, urn }) => `${typeOf(urn)} ${op}`);
  return [...new Set(changes)].sort();
}
