import { GROUP_TYPE } from "./resourceId";
import type { Resource } from "./store";

/** Clusters need their identities and registries, and workspaces their storage, until they are removed. */
export function removalOrder(tree: readonly Resource[]): Resource[] {
  const rank = ({ body }: Resource) =>
    ["managedclusters", "workspaces"].findIndex((type) => body.type.toLowerCase().endsWith(type));
  const isFirst = (resource: Resource) => rank(resource) >= 0;
  const group = tree.filter(({ body }) => body.type === GROUP_TYPE);
  const rest = tree.filter(({ body }) => body.type !== GROUP_TYPE);
  const nested = rest.filter((resource) => !isFirst(resource) && isNested(resource));
  const others = rest.filter((resource) => !isFirst(resource) && !isNested(resource));
  return [...nested, ...rest.filter(isFirst), ...others, ...group];
}

function isNested({ body }: Resource): boolean {
  return body.type.split("/").length > 2;
}
