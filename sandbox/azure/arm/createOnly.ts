import { asObject, type Json, type JsonObject } from "../../json";
import type { ResourceDefinition } from "../schema/definitions";
import { conflict } from "./errors";
import type { Resource } from "./store";

/** Refuses a request that changes what Azure cannot change. */
export function checkCreateOnly(
  definition: ResourceDefinition,
  existing: Resource | undefined,
  body: JsonObject,
): void {
  if (!existing) return;
  for (const name of definition.createOnly) {
    const path = wirePath(definition, name);
    const before = valueAt(existing.body, path);
    const after = valueAt(body, path);
    if (after === undefined || sameJson(before, after)) continue;
    throw conflict(
      name === "location" ? "InvalidResourceLocation" : "PropertyChangeNotAllowed",
      `Changing property '${path.join(".")}' of '${existing.body.id}' is not allowed.`,
    );
  }
}

function wirePath(definition: ResourceDefinition, sdkPath: string): string[] {
  const segments = sdkPath.split(".");
  const isOutside = !definition.flattened || definition.envelope.includes(segments[0] ?? "");
  return isOutside ? segments : ["properties", ...segments];
}

function valueAt(body: JsonObject, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((value, key) => asObject(value)?.[key], body);
}

function sameJson(left: Json | undefined, right: Json | undefined): boolean {
  const canonical = (value: Json | undefined) =>
    typeof value === "string" ? value.toLowerCase() : JSON.stringify(value);
  return canonical(left) === canonical(right);
}
