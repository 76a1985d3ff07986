/** A region as ARM writes it: "West Europe" is "westeurope". */
export function normalized(location: string): string {
  return location.toLowerCase().replaceAll(" ", "");
}

/** Whether a list of regions has one. */
export function has(locations: readonly string[] | undefined, location: string): boolean {
  return (locations ?? []).some((one) => normalized(one) === normalized(location));
}

/** Why a region does not offer something to this subscription. */
export interface Restriction {
  /** `Location` or `Zone`, in any case. */
  readonly type?: string;
  /** The regions; for zones they stand in `restrictionInfo`. */
  readonly values?: readonly string[];
  readonly restrictionInfo?: {
    readonly locations?: readonly string[];
    readonly zones?: readonly string[];
  };
}

/** Whether one of them withholds the whole region. */
export function isWithheld(restrictions: readonly Restriction[] | undefined, location: string) {
  return (restrictions ?? []).some(
    ({ type, values, restrictionInfo }) =>
      type?.toLowerCase() === "location" &&
      (has(values, location) || has(restrictionInfo?.locations, location)),
  );
}
