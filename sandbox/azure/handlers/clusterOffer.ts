import { asObject, stringOf, type JsonObject } from "../../json";
import { badRequest } from "../arm/errors";
import type { PutRequest } from "../arm/handler";
import { SIZES, zonesOf } from "../regions/regions";

function checkPool(pool: JsonObject, location: string): void {
  const size = stringOf(pool.vmSize);
  // Without one AKS chooses.
  const isOffered =
    size === "" || SIZES.some(({ name }) => name.toLowerCase() === size.toLowerCase());
  if (!isOffered) {
    throw badRequest(
      "VMSizeNotSupported",
      `The VM size of ${size} is not allowed in your subscription in location '${location}'. ` +
        `The available VM sizes are '${SIZES.map(({ name }) => name.toLowerCase()).join(",")}'.`,
    );
  }
  const wanted = Array.isArray(pool.availabilityZones) ? pool.availabilityZones.map(stringOf) : [];
  const missing = wanted.filter((zone) => !zonesOf(location).includes(zone));
  if (missing.length > 0) {
    throw badRequest(
      "AvailabilityZoneNotSupported",
      `The zone(s) '${missing.join(",")}' for resource '${stringOf(pool.name)}' is not supported. ` +
        `The supported zones for location '${location}' are '${zonesOf(location).join(",")}'`,
    );
  }
}

/** Refuses what AKS does not have in the cluster's region, and long-term support without its tier. */
export function checkOffer({ body, properties }: PutRequest): void {
  const location = stringOf(body.location);
  for (const pool of (properties.agentPoolProfiles ?? []) as JsonObject[]) {
    checkPool(pool, location);
  }
  const isPremium = asObject(body.sku)?.tier === "Premium";
  if (isPremium !== (properties.supportPlan === "AKSLongTermSupport")) {
    throw badRequest(
      "BadRequest",
      "The support plan AKSLongTermSupport and the tier Premium are available together only.",
    );
  }
}
