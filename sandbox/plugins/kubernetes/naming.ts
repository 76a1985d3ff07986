import { createHash } from "node:crypto";
import { hasUnknown, isMap, reveal } from "../protocol";
import type { CheckFailure, CheckRequest, PropertyMap } from "../protocol";
import { kindOf } from "./kinds";

const AUTONAMED = "pulumi.com/autonamed";
const SUFFIX_LENGTH = 8;

interface Checked {
  inputs: PropertyMap;
  failures: CheckFailure[];
}

/**
 * Completes the inputs: API version and kind from the type, the namespace an object falls into when it
 * names none, and a name where none is given: the last one, else one made from the resource's name.
 *
 * @param defaultNamespace the provider's namespace
 */
export function completeInputs(request: CheckRequest, defaultNamespace: string): Checked {
  const { apiVersion, kind, isNamespaced } = kindOf(request.type);
  const given = request.news["metadata"] ?? {};
  if (!isMap(given)) {
    const inputs = { ...request.news, apiVersion, kind };
    const failures = hasUnknown(given) ? [] : [secretMetadata()];
    return { inputs, failures };
  }
  const { metadata, failures } = nameObject(given, request);
  const namespace = isNamespaced ? (given["namespace"] ?? defaultNamespace) : undefined;
  const inputs = { ...request.news, apiVersion, kind, metadata: { ...metadata, namespace } };
  return { inputs, failures };
}

function secretMetadata(): CheckFailure {
  return { property: "metadata", reason: "metadata must be an object, and not secret as a whole" };
}

function nameObject(
  metadata: PropertyMap,
  request: CheckRequest,
): { metadata: PropertyMap; failures: CheckFailure[] } {
  if (metadata["name"] !== undefined || metadata["generateName"] !== undefined) {
    return { metadata, failures: [] };
  }
  const { autonaming } = request;
  if (autonaming?.mode === "disable") {
    const reason = "automatic naming is disabled, so metadata.name is required";
    return { metadata, failures: [{ property: "metadata.name", reason }] };
  }
  const chosen = autonaming?.proposedName ?? uniqueName(request);
  const annotations = isMap(metadata["annotations"]) ? metadata["annotations"] : {};
  return {
    metadata: {
      ...metadata,
      name: lastAutomaticName(request.olds) ?? chosen,
      annotations: { ...annotations, [AUTONAMED]: "true" },
    },
    failures: [],
  };
}

function lastAutomaticName(olds: PropertyMap): string | undefined {
  const metadata = reveal(olds["metadata"] ?? null);
  if (!isMap(metadata) || !isMap(metadata["annotations"])) return undefined;
  const name = metadata["name"];
  const isAutomatic = metadata["annotations"][AUTONAMED] === "true";
  return isAutomatic && typeof name === "string" ? name : undefined;
}

function uniqueName({ name, randomSeed }: CheckRequest): string {
  const suffix = createHash("sha256").update(randomSeed).digest("hex").slice(0, SUFFIX_LENGTH);
  return `${name}-${suffix}`;
}
