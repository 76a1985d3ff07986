import { createHash } from "node:crypto";

/**
 * A GUID that its parts decide, so that a role assignment that an interrupted run left is met
 * again under its name instead of being refused as a double.
 */
export function deterministicGuid(...parts: readonly string[]): string {
  const bytes = createHash("sha256")
    .update(parts.join("\0").toLowerCase())
    .digest()
    .subarray(0, 16);
  // Version 8 and variant 1 of RFC 9562: a GUID made by a rule of one's own.
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString("hex");
  const cut = (from: number, to: number) => hex.slice(from, to);
  return [cut(0, 8), cut(8, 12), cut(12, 16), cut(16, 20), cut(20, 32)].join("-");
}
