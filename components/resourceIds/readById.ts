import { getRegistryOutput } from "@pulumi/azure-native/containerregistry/getRegistry";
import { getUserAssignedIdentityOutput } from "@pulumi/azure-native/managedidentity/getUserAssignedIdentity";
import { getStorageAccountOutput } from "@pulumi/azure-native/storage/getStorageAccount";
import type * as pulumi from "@pulumi/pulumi";
import { ofMade } from "../outputs/ofMade";
import { nameFromId, resourceGroupFromId } from "./resourceIds";

// In the preview of any update, be it of a tag, azure-native knows a resource's id and arguments, but
// nothing that Azure answers. What other resources are made from is read by the id instead, or their
// preview would be a replacement that no update makes.

type Id = pulumi.Output<string>;

/** Resource group that a resource lies in, by its id. */
export function groupOf(id: Id): pulumi.Output<string> {
  return ofMade(id, resourceGroupFromId);
}

/** A resource's name, by its id. */
export function nameOf(id: Id): pulumi.Output<string> {
  return ofMade(id, nameFromId);
}

/** Host of a registry's images. */
export function loginServerOf(id: Id, opts: pulumi.InvokeOptions): pulumi.Output<string> {
  return ofMade(id, (known) => {
    const place = {
      resourceGroupName: resourceGroupFromId(known),
      registryName: nameFromId(known),
    };
    return getRegistryOutput(place, opts).loginServer;
  });
}

/** Blob endpoint of a storage account. */
export function blobEndpointOf(id: Id, opts: pulumi.InvokeOptions): pulumi.Output<string> {
  return ofMade(id, (known) => {
    const place = { resourceGroupName: resourceGroupFromId(known), accountName: nameFromId(known) };
    return getStorageAccountOutput(place, opts).primaryEndpoints.blob;
  });
}

/** What others know of a managed identity. */
export interface IdentityIds {
  /** ARM id. */
  readonly id: Id;
  readonly clientId: pulumi.Output<string>;
  /** Object id in Entra, to which roles are given. */
  readonly principalId: pulumi.Output<string>;
}

/** The ids of a managed identity. */
export function identityIds(id: Id, opts: pulumi.InvokeOptions): IdentityIds {
  const read = ofMade(id, (known) =>
    getUserAssignedIdentityOutput(
      { resourceGroupName: resourceGroupFromId(known), resourceName: nameFromId(known) },
      opts,
    ),
  );
  return {
    id,
    clientId: ofMade(read, ({ clientId }) => clientId),
    principalId: ofMade(read, ({ principalId }) => principalId),
  };
}
