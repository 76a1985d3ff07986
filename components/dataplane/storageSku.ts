import * as pulumi from "@pulumi/pulumi";
import { TYPES } from "../../dataplane/contract";

/** Arguments of `StorageSku`. */
export interface StorageSkuArgs {
  readonly subscriptionId: string;
  /** Region of the account; another one is asked anew. */
  readonly location: pulumi.Input<string>;
  /** SKU that the configuration asks for; without it the region's best one, chosen once. */
  readonly wanted?: string | undefined;
}

/** The SKU of a workspace's storage account, of those that the region has. */
export class StorageSku extends pulumi.CustomResource {
  /** As in `Standard_ZRS`. */
  declare readonly sku: pulumi.Output<string>;

  constructor(name: string, args: StorageSkuArgs, opts: pulumi.CustomResourceOptions) {
    super(TYPES.storageSku, name, { ...args, sku: undefined }, opts);
  }
}
