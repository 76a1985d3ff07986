import type { Resource } from "../arm/store";
import type { AzureContext } from "../context";

/** One entry of a registry token's `access` claim. */
export interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

const REGISTRY = "Microsoft.ContainerRegistry/registries";

/** What each action on a repository takes in Azure's roles. */
const NEEDED: Readonly<Record<string, string>> = {
  pull: `${REGISTRY}/pull/read`,
  push: `${REGISTRY}/push/write`,
  delete: `${REGISTRY}/artifacts/delete`,
  metadata_read: `${REGISTRY}/pull/read`,
  metadata_write: `${REGISTRY}/push/write`,
};

/** Parses scopes such as `repository:team/image:pull,push`; what is no scope is dropped. */
export function parseScopes(scopes: readonly string[]): Access[] {
  return scopes
    .flatMap((scope) => scope.split(" "))
    .flatMap((scope) => {
      const match = /^(\w+):([^:]+(?::\d+\/[^:]+)?):([\w*,]+)$/.exec(scope);
      if (!match) return [];
      const [, type = "", name = "", actions = ""] = match;
      return [{ type, name, actions: actions.split(",") }];
    });
}

/** The part of what is asked for that the principal's roles on the registry allow. */
export function allowedAccess(
  asked: readonly Access[],
  objectId: string,
  registry: Resource,
  context: AzureContext,
): Access[] {
  const isAllowed = (action: string) =>
    context.directory.isEffective(objectId, action, registry.body.id);
  return asked.map((entry) => ({
    ...entry,
    actions: entry.actions.filter((action) =>
      action === "*"
        ? isAllowed(entry.type === "registry" ? `${REGISTRY}/read` : `${REGISTRY}/artifacts/delete`)
        : isAllowed(NEEDED[action] ?? `${REGISTRY}/unknown/action`),
    ),
  }));
}

/** What a request to the registry takes. */
export function demandOf(method: string, pathname: string): Access | undefined {
  if (/^\/(v2|acr\/v1)\/_catalog$/.test(pathname)) {
    return { type: "registry", name: "catalog", actions: ["*"] };
  }
  const acr = /^\/acr\/v1\/(.+?)(?:\/_(?:tags|manifests)(?:\/[^/]+)?)?$/.exec(pathname)?.[1];
  if (acr) {
    const actions = { DELETE: ["delete"], PATCH: ["metadata_write"] }[method] ?? ["metadata_read"];
    return { type: "repository", name: acr, actions };
  }
  const name = /^\/v2\/(.+)\/(?:manifests|blobs|tags)\//.exec(pathname)?.[1];
  if (!name) return undefined;
  const isRead = method === "GET" || method === "HEAD";
  const isUpload = pathname.includes("/blobs/uploads/");
  if (method === "DELETE" && !isUpload) return { type: "repository", name, actions: ["delete"] };
  return { type: "repository", name, actions: [isRead && !isUpload ? "pull" : "push"] };
}

/** Whether a token's access covers a demand. */
export function covers(held: readonly Access[], demand: Access): boolean {
  return demand.actions.every((action) =>
    held.some(
      (entry) =>
        entry.type === demand.type &&
        entry.name === demand.name &&
        (entry.actions.includes(action) || isImplied(action, entry.actions)),
    ),
  );
}

/** Azure gives out metadata to whoever may pull, and a token for all actions carries `*`. */
function isImplied(action: string, held: readonly string[]): boolean {
  if (held.includes("*")) return true;
  return action === "metadata_read" && held.includes("pull");
}

/** A demand as the challenge spells it. */
export function scopeOf({ type, name, actions }: Access): string {
  // Clients that are asked for push alone could not read back what they push.
  const wanted = actions.includes("push") ? ["pull", "push"] : actions;
  return `${type}:${name}:${wanted.join(",")}`;
}
