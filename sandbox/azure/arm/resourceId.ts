/** Parts of an ARM path. */
export interface ResourcePath {
  /** The id itself, for a collection the id of what holds it plus the collection's name. */
  readonly id: string;
  readonly subscriptionId: string;
  /** Undefined above a resource group. */
  readonly resourceGroup: string | undefined;
  /** `Namespace/type[/subtype...]`, as spelled by the caller. */
  readonly type: string;
  /** Last name; undefined for a collection. */
  readonly name: string | undefined;
  /** Id of the resource that this one is nested in or extends; the group or subscription else. */
  readonly parentId: string;
}

/** The type of a resource group. */
export const GROUP_TYPE = "Microsoft.Resources/resourceGroups";

/** Takes an ARM path apart; undefined when it does not lie under a subscription. */
export function parseResourcePath(pathname: string): ResourcePath | undefined {
  const id = pathname.replace(/\/+$/, "");
  const segments = id.split("/").slice(1);
  const [subscriptions, subscriptionId] = segments;
  if (subscriptions?.toLowerCase() !== "subscriptions" || !subscriptionId) return undefined;
  const provider = lastProvider(segments);
  const groupName = segments[2]?.toLowerCase() === "resourcegroups" ? segments[3] : undefined;
  if (provider < 0) return parseScope(id, segments, subscriptionId, groupName);
  const [namespace = "", ...rest] = segments.slice(provider + 1);
  const typeNames = rest.filter((_segment, index) => index % 2 === 0);
  const isCollection = rest.length % 2 === 1;
  const depth = rest.length - (isCollection ? 1 : 2);
  const parentLength = depth > 0 ? segments.length - (isCollection ? 1 : 2) : provider;
  return {
    id,
    subscriptionId,
    resourceGroup: groupName,
    type: [namespace, ...typeNames].join("/"),
    name: isCollection ? undefined : rest.at(-1),
    parentId: `/${segments.slice(0, parentLength).join("/")}`,
  };
}

function lastProvider(segments: readonly string[]): number {
  return segments.map((segment) => segment.toLowerCase()).lastIndexOf("providers");
}

function parseScope(
  id: string,
  segments: readonly string[],
  subscriptionId: string,
  groupName: string | undefined,
): ResourcePath | undefined {
  const parentId = `/subscriptions/${subscriptionId}`;
  if (segments.length === 2) {
    return {
      id,
      subscriptionId,
      resourceGroup: undefined,
      type: "Microsoft.Resources/subscriptions",
      name: subscriptionId,
      parentId,
    };
  }
  if (segments[2]?.toLowerCase() !== "resourcegroups" || segments.length > 4) return undefined;
  return {
    id,
    subscriptionId,
    resourceGroup: groupName,
    type: GROUP_TYPE,
    name: groupName,
    parentId,
  };
}

/** Whether `id` is `scope` or lies under it; ARM ids are compared without regard to case. */
export function isWithin(id: string, scope: string): boolean {
  const lowered = `${id.toLowerCase()}/`;
  const prefix = scope === "/" ? "/" : `${scope.toLowerCase().replace(/\/+$/, "")}/`;
  return lowered.startsWith(prefix);
}

/** Whether two ids, types or names are the same: ARM compares them without regard to case. */
export function sameId(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}
