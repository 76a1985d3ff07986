import { ApiError } from "./apiError";

/** The plugin's own texts, by which users search for help. */

const IF_DELETED =
  "If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation " +
  'with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

export const UNREADABLE = `failed to read resource state due to unreachable cluster. ${IF_DELETED}`;

export const UNDELETABLE = `configured Kubernetes cluster is unreachable. ${IF_DELETED}`;

const EXISTS = `

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use \`pulumi import\`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create.`;

export function unreachable(reason: string): Error {
  return new Error(`configured Kubernetes cluster is unreachable: ${reason}`);
}

/** An object was not created at all. */
export function notCreated(urn: string, error: unknown): Error {
  const help = error instanceof ApiError && error.reason === "AlreadyExists" ? EXISTS : "";
  return new Error(
    `resource "${urn}" was not successfully created by the Kubernetes API server: ` +
      `${messageOf(error)}${help}`,
    { cause: error },
  );
}

/** An update that found nothing to update. */
export function notUpdated(urn: string, error: unknown): Error {
  return new Error(
    `update of resource "${urn}" failed: ${messageOf(error)}\n` +
      `unable to get cluster state: ${messageOf(error)}`,
    { cause: error },
  );
}

/** An update that the server refused, or after which the object did not become ready. */
export function notLive(id: string, error: unknown): string {
  return `the Kubernetes API server reported that "${id}" failed to fully initialize or become live: ${messageOf(error)}`;
}

/** Whether the failure of a preview's dry run says nothing of what the update will do. */
export function isUnpreviewable(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const isMissingNamespace = error.status === 404 && /^namespaces "/.test(error.message);
  return error.status === 403 || error.reason === "AlreadyExists" || isMissingNamespace;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
