import { randomUUID } from "node:crypto";
import { asObject, stringOf } from "../../json";
import { ASSIGN } from "../arm/assignedIdentity";
import { badRequest } from "../arm/errors";
import type { Services } from "../arm/handler";
import type { Resource } from "../arm/store";

/**
 * A user-assigned kubelet identity needs a user-assigned cluster identity that is allowed to assign it.
 */
export function checkKubeletIdentity(cluster: Resource, services: Services): void {
  const id = wantedKubeletIdentity(cluster);
  if (!id) return;
  const kubelet = services.resources.get(id);
  if (!kubelet) {
    throw badRequest("InvalidParameter", `The kubelet identity '${id}' does not exist.`);
  }
  const assigned = asObject(asObject(cluster.body.identity)?.userAssignedIdentities);
  const [controlPlane] = Object.keys(assigned ?? {});
  if (!controlPlane) {
    throw badRequest(
      "CustomKubeletIdentityOnlySupportedOnUserAssignedMSICluster",
      "Custom kubelet identity is only supported on clusters with a user-assigned identity.",
    );
  }
  const objectId = stringOf(services.resources.get(controlPlane)?.body.properties.principalId);
  if (!services.directory.isAllowed(objectId, ASSIGN, id)) {
    throw badRequest(
      "CustomKubeletIdentityMissingPermissionError",
      `The cluster user assigned identity must be given permission to assign kubelet identity ${id}. ` +
        `Check access result not allowed for action ${ASSIGN}.`,
    );
  }
}

function wantedKubeletIdentity({ body }: Resource): string | undefined {
  const profile = asObject(body.properties.identityProfile);
  const id = asObject(profile?.kubeletidentity)?.resourceId;
  return typeof id === "string" ? id : undefined;
}

/** Gives the cluster its node resource group and, unless it has one, its kubelet identity. */
export function attachNodeIdentity(cluster: Resource, services: Services): void {
  const { body } = cluster;
  const groupId = nodeGroupId(cluster);
  const location = body.location ?? "";
  if (!services.resources.get(groupId)) {
    services.resources.put(groupId, {
      internal: {},
      body: {
        id: groupId,
        name: stringOf(body.properties.nodeResourceGroup),
        type: "Microsoft.Resources/resourceGroups",
        location,
        managedBy: body.id,
        properties: { provisioningState: "Succeeded" },
      },
    });
  }
  const id = wantedKubeletIdentity(cluster) ?? makeAgentPoolIdentity(cluster, groupId, services);
  const { clientId = "", principalId = "" } = services.resources.get(id)?.body.properties ?? {};
  body.properties.identityProfile = {
    kubeletidentity: { resourceId: id, clientId, objectId: principalId },
  };
}

function makeAgentPoolIdentity({ body }: Resource, groupId: string, services: Services): string {
  const name = `${body.name}-agentpool`;
  const id = `${groupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
  if (services.resources.get(id)) return id;
  const { tenantId } = services.settings;
  services.resources.put(id, {
    internal: {},
    body: {
      id,
      name,
      type: "Microsoft.ManagedIdentity/userAssignedIdentities",
      location: body.location ?? "",
      properties: { tenantId, principalId: randomUUID(), clientId: randomUUID() },
    },
  });
  return id;
}

/** Removes the node resource group with its cluster. */
export function removeNodeGroup(cluster: Resource, { resources }: Services): void {
  const nodes = resources.under(nodeGroupId(cluster)).reverse();
  for (const { body } of nodes) resources.delete(body.id);
}

function nodeGroupId({ body }: Resource): string {
  const [, , subscriptionId = ""] = body.id.split("/");
  return `/subscriptions/${subscriptionId}/resourceGroups/${stringOf(body.properties.nodeResourceGroup)}`;
}
