import { IPv4 } from "ipaddr.js";

/** True for an IPv4 address or CIDR range, except for ranges that hold every address. */
export function isIpRange(text: string): boolean {
  if (IPv4.isValidFourPartDecimal(text)) return true;
  return IPv4.isValidCIDRFourPartDecimal(text) && IPv4.parseCIDR(text)[1] > 0;
}
