import { randomBytes, randomUUID } from "node:crypto";
import type { ResourceDefinition } from "../../azure/schema/definitions";
import type { CheckRequest } from "../protocol";

const SUFFIX_BYTES = 4;

/** A name for a resource whose program gives none, after the real plugin's rules for its type. */
export function autoName(definition: ResourceDefinition, request: CheckRequest): string {
  const { autonaming, name, randomSeed } = request;
  if (definition.autoName === "uuid") return randomUUID();
  if (autonaming?.mode === "disable") {
    throw new Error(`${request.type} "${name}" needs a name: autonaming is disabled`);
  }
  if (autonaming?.mode === "enforce" || autonaming?.proposedName) return autonaming.proposedName;
  if (definition.autoName === "copy") return name;
  const seed = randomSeed.length > 0 ? randomSeed : randomBytes(SUFFIX_BYTES);
  return name + Buffer.from(seed.slice(0, SUFFIX_BYTES)).toString("hex");
}
