import { armList } from "./armList";
import { has, isWithheld, normalized, type Restriction } from "./region";

const VERSION = "2021-07-01";

interface Sku {
  readonly name: string;
  readonly resourceType?: string;
  readonly locationInfo?: readonly {
    readonly location: string;
    readonly zones?: readonly string[];
  }[];
  readonly locations?: readonly string[];
  readonly restrictions?: readonly Restriction[];
}

/** A VM size that a region offers to a subscription. */
export interface VmSize {
  readonly name: string;
  /** Zones in which there are machines of it; none in regions without zones. */
  readonly zones: readonly string[];
}

function zonesOf({ locationInfo, restrictions }: Sku, location: string): readonly string[] {
  const isHere = (one: { location: string }) => normalized(one.location) === normalized(location);
  const withheld = (restrictions ?? [])
    .filter(({ type }) => type?.toLowerCase() === "zone")
    .flatMap(({ restrictionInfo }) => restrictionInfo?.zones ?? []);
  const zones = (locationInfo ?? []).filter(isHere).flatMap((one) => one.zones ?? []);
  return zones.filter((zone) => !withheld.includes(zone)).toSorted();
}

/**
 * VM sizes that a region offers to a subscription.
 *
 * @throws Error when Azure does not say.
 * @see https://learn.microsoft.com/rest/api/compute/resource-skus/list
 */
export async function vmSizes(
  subscriptionId: string,
  location: string,
): Promise<readonly VmSize[]> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/skus`;
  // Without the filter the answer has all sizes of all regions: some 10 MB.
  const query = { "api-version": VERSION, $filter: `location eq '${normalized(location)}'` };
  const skus = await armList<Sku>(path, query);
  return skus
    .filter(({ resourceType }) => resourceType === "virtualMachines")
    .filter(({ locations }) => has(locations, location))
    .filter(({ restrictions }) => !isWithheld(restrictions, location))
    .map((sku) => ({ name: sku.name, zones: zonesOf(sku, location) }));
}
