import { stringOf } from "../../json";
import { badRequest } from "../arm/errors";
import type { Services } from "../arm/handler";
import type { Resource } from "../arm/store";

const SHORT = /^azureml:\/\/datastores\/([^/]+)\/paths\/(.+)$/;
const LONG =
  /^azureml:\/\/subscriptions\/[^/]+\/resource[gG]roups\/[^/]+\/(?:providers\/Microsoft\.MachineLearningServices\/)?workspaces\/[^/]+\/datastores\/([^/]+)\/paths\/(.+)$/;

/** Refuses a model version whose `modelUri` names no blob of a datastore of the workspace. */
export async function checkModelBlob({ body }: Resource, services: Services): Promise<void> {
  const uri = stringOf(body.properties.modelUri);
  const [, store = "", blobPath = ""] = SHORT.exec(uri) ?? LONG.exec(uri) ?? [];
  if (!store) {
    throw badRequest("UserError", `The modelUri '${uri}' is not an azureml:// datastore path.`);
  }
  const workspaceId = body.id.split(/\/models\//i)[0] ?? "";
  const datastore = services.resources.get(`${workspaceId}/datastores/${store}`);
  if (!datastore) throw badRequest("UserError", `Datastore '${store}' of '${uri}' does not exist.`);
  const { accountName, containerName } = datastore.body.properties;
  const path = unescaped(blobPath);
  const [account, container] = [stringOf(accountName), stringOf(containerName)];
  if (path === undefined || !(await services.blobs.exists(account, container, path))) {
    throw badRequest("UserError", `The specified path '${uri}' does not exist.`);
  }
}

/** Undefined when an escape is malformed: no blob has such a path. */
function unescaped(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
