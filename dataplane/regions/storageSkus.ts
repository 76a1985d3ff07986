import { armList } from "./armList";
import { has, isWithheld, type Restriction } from "./region";

const VERSION = "2024-01-01";

interface Sku {
  readonly name: string;
  readonly kind?: string;
  readonly resourceType?: string;
  readonly locations?: readonly string[];
  readonly restrictions?: readonly Restriction[];
}

/**
 * SKUs of general-purpose storage accounts that a region offers to a subscription.
 *
 * @throws Error when Azure does not say.
 * @see https://learn.microsoft.com/rest/api/storagerp/skus/list
 */
export async function storageSkus(
  subscriptionId: string,
  location: string,
): Promise<readonly string[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Storage/skus`;
  const skus = await armList<Sku>(path, { "api-version": VERSION });
  return skus
    .filter(({ kind, resourceType }) => kind === "StorageV2" && resourceType === "storageAccounts")
    .filter(({ locations }) => has(locations, location))
    .filter(({ restrictions }) => !isWithheld(restrictions, location))
    .map(({ name }) => name);
}
