import { badRequest } from "../arm/errors";
import recorded from "./recorded.json";

/** Azure writes "West Europe" as "westeurope" wherever it compares. */
export function regionName(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}

const ALL: readonly string[] = [...recorded.withZones, ...recorded.withoutZones].toSorted();

/** Refuses a region that is none, as Resource Manager does before a type's provider sees the request. */
export function checkRegion(type: string, location: string): void {
  if (ALL.includes(regionName(location))) return;
  const [code, what] = type.endsWith("/resourceGroups")
    ? ["LocationNotAvailableForResourceGroup", "resource group"]
    : ["LocationNotAvailableForResourceType", `resource type '${type}'`];
  throw badRequest(
    code,
    `The provided location '${location}' is not available for ${what}. ` +
      `List of available regions is '${ALL.join(",")}'.`,
  );
}

/** Zones of a region. */
export function zonesOf(location: string): readonly string[] {
  return recorded.withZones.includes(regionName(location)) ? ["1", "2", "3"] : [];
}

/** A VM size; all regions of the sandbox have the same. */
export interface Size {
  readonly name: string;
  readonly architecture: string;
}

export const SIZES: readonly Size[] = Object.entries(recorded.sizes).map(
  ([name, architecture]) => ({ name, architecture }),
);

/** Redundancy of general-purpose storage accounts that a region has. */
export function redundancies(location: string): readonly string[] {
  const everywhere = ["Standard_LRS", "Standard_GRS", "Standard_RAGRS", "Premium_LRS"];
  const byZones = ["Standard_ZRS", "Standard_GZRS", "Standard_RAGZRS"];
  return zonesOf(location).length > 0 ? [...everywhere, ...byZones] : everywhere;
}

export const REGIONS = ALL;
