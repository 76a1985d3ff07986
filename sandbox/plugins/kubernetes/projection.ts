import { isJsonObject, type Json, type JsonObject } from "../../json";

/**
 * The live object reduced to what we manage: the last inputs with the cluster's values. Where the cluster
 * has the same value in another notation (quantities in another unit, defaults left out), the input's notation
 * stays,
 * so that only a real difference is one. Fields that the program did not set are left out.
 */
export function projectOntoInputs(live: JsonObject, inputs: JsonObject): JsonObject {
  const projected = projectMap(live, inputs);
  if (isJsonObject(inputs["stringData"])) {
    projected["stringData"] = projectStringData(live["data"], inputs["stringData"]);
  }
  return projected;
}

/** What is written as `stringData` is read back in base64 under `data`. */
function projectStringData(data: Json | undefined, stringData: JsonObject): JsonObject {
  const stored = isJsonObject(data) ? data : {};
  const entries = Object.keys(stringData).flatMap((key) => {
    const value = stored[key];
    return typeof value === "string" ? [[key, Buffer.from(value, "base64").toString()]] : [];
  });
  return Object.fromEntries(entries) as JsonObject;
}

function projectMap(live: JsonObject, inputs: JsonObject): JsonObject {
  const projected: JsonObject = {};
  for (const [key, input] of Object.entries(inputs)) {
    if (input === undefined) continue;
    const value = projectValue(live[key], input);
    if (value !== undefined) projected[key] = value;
  }
  return projected;
}

function projectValue(live: Json | undefined, input: Json): Json | undefined {
  if (live === undefined || live === null) return isEmpty(input) ? input : undefined;
  if (isJsonObject(live) && isJsonObject(input)) return projectMap(live, input);
  if (Array.isArray(live) && Array.isArray(input)) return projectList(live, input);
  return isSame(live, input) ? input : live;
}

/** The server leaves out empty values; which values those are depends on the field. */
function isEmpty(input: Json): boolean {
  if (Array.isArray(input)) return input.length === 0;
  if (isJsonObject(input)) return Object.values(input).every((value) => isEmpty(value ?? null));
  return input === null || input === false || input === 0 || input === "";
}

function projectList(live: Json[], inputs: Json[]): Json[] {
  if (inputs.length > 0 && inputs.every(isNamed)) return projectNamed(live, inputs);
  if (live.length !== inputs.length) return live;
  return inputs.map((input, index) => projectValue(live[index], input) ?? null);
}

interface Named extends JsonObject {
  name: string;
}

function isNamed(item: Json | undefined): item is Named {
  return isJsonObject(item) && typeof item["name"] === "string";
}

/** Lists of named things (containers, ports, volumes) are merged by name: others may have added to them. */
function projectNamed(live: Json[], inputs: Named[]): Json[] {
  return inputs.flatMap((input) => {
    const found = live.find((item) => isNamed(item) && item.name === input.name);
    return isJsonObject(found) ? [projectMap(found, input)] : [];
  });
}

function isSame(live: Json, input: Json): boolean {
  if (isScalar(live) && isScalar(input) && String(live) === String(input)) return true;
  const [left, right] = [parseQuantity(live), parseQuantity(input)];
  return left !== undefined && right !== undefined && nearlyEqual(left, right);
}

/** Ports may be numbers or strings, and come back as the other. */
function isScalar(value: Json): value is boolean | number | string {
  return value !== null && typeof value !== "object";
}

function nearlyEqual(left: number, right: number): boolean {
  return Math.abs(left - right) <= 1e-9 * Math.max(Math.abs(left), Math.abs(right));
}

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The number a Kubernetes quantity (`500m`, `1.5Gi`, `2e3`, 4) stands for; undefined if it is none. */
export function parseQuantity(value: Json): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value !== "string") return undefined;
  const [, digits, suffix] =
    /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?|[+-]?\d+\.)([numkMGTPE]?|[KMGTPE]i)$/.exec(value) ?? [];
  const factor = SUFFIXES[suffix ?? ""];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}
