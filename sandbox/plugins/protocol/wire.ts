import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { Secret, UNKNOWN, Unknown, isMap } from "./value";
import type { PropertyMap, PropertyValue } from "./value";

/** Key and value that mark a special object (here: a secret) in the engine's encoding of values. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

/** What the engine sends for an unknown, by the type it expects there. */
const UNKNOWN_STRING = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const UNKNOWN_SENTINELS = new Set([
  UNKNOWN_STRING,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
  "030794c1-ac77-496b-92df-f27374a8bd58", // asset
  "e48ece36-62e2-4504-bad9-02848725956a", // archive
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);

type JavaScriptMap = Record<string, JavaScriptValue>;

/** Decodes a property bag of the protocol; an absent one is empty. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
  return struct === undefined ? {} : decodeMap(struct.toJavaScript());
}

/** Encodes a property bag for the protocol. */
export function toStruct(map: PropertyMap): Struct {
  return Struct.fromJavaScript(encodeMap(map));
}

function decode(value: JavaScriptValue): PropertyValue {
  if (typeof value === "string") return UNKNOWN_SENTINELS.has(value) ? UNKNOWN : value;
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(decode);
  const map = value as JavaScriptMap;
  if (map[SIGNATURE] === SECRET_SIGNATURE) return new Secret(decode(map["value"] ?? null));
  return decodeMap(map);
}

function decodeMap(map: JavaScriptMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, decode(value)]));
}

function encode(value: PropertyValue): JavaScriptValue {
  if (value instanceof Unknown) return UNKNOWN_STRING;
  if (value instanceof Secret) {
    return { [SIGNATURE]: SECRET_SIGNATURE, value: encode(value.value) };
  }
  if (Array.isArray(value)) return value.map(encode);
  return isMap(value) ? encodeMap(value) : value;
}

function encodeMap(map: PropertyMap): JavaScriptMap {
  const encoded: JavaScriptMap = {};
  for (const [key, value] of Object.entries(map)) {
    if (value !== undefined) encoded[key] = encode(value);
  }
  return encoded;
}
