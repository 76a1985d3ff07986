import { asObject, type Json, type JsonObject } from "../../json";
import type { ResourceDefinition } from "../schema/definitions";
import { schemaOf } from "../schema/schema";
import { bodyInputs, nestedWireName, wireName } from "../schema/wire";
import { badRequest } from "./errors";

/** Properties that ARM itself adds to a body; a client may send them back. */
const IDENTIFYING = ["id", "name", "type"];

/**
 * Refuses a request body with an unknown, read-only, missing or wrongly typed property, naming its
 * path. Azure ignores some of these silently. Here they are errors, because a program that sets a
 * property without any effect is wrong.
 */
export function validateBody(definition: ResourceDefinition, body: JsonObject): void {
  new BodyCheck(definition).run(body);
}

class BodyCheck {
  constructor(private readonly definition: ResourceDefinition) {}

  run(body: JsonObject): void {
    const inputs = bodyInputs(this.definition);
    const { envelope, flattened } = this.definition;
    const isOutside = ([name]: [string, string]) => envelope.includes(name) || !flattened;
    const outside = Object.fromEntries(Object.entries(inputs).filter(isOutside));
    const inside = Object.fromEntries(
      Object.entries(inputs)
        .filter((entry) => !isOutside(entry))
        .map(([name, type]) => [wireName(this.definition, name), type]),
    );
    for (const name of Object.keys(body)) {
      if (IDENTIFYING.includes(name) || (name === "properties" && flattened)) continue;
      if (!(name in outside)) this.refuseUnknown(name, name);
    }
    this.checkMembers(outside, body, "");
    if (!flattened) return;
    const properties = body.properties === undefined ? {} : asObject(body.properties);
    if (!properties) throw invalid("The value of 'properties' must be an object.");
    for (const name of Object.keys(properties)) {
      if (!(name in inside)) this.refuseUnknown(name, `properties.${name}`);
    }
    this.checkMembers(inside, properties, "properties.");
  }

  private refuseUnknown(name: string, path: string): never {
    const { outputs } = schemaOf(this.definition.token);
    const isOutput = Object.keys(outputs).some(
      (output) => output === name || wireName(this.definition, output) === name,
    );
    throw invalid(
      isOutput
        ? `The property '${path}' is read-only and may not be set.`
        : `Could not find member '${name}' on object of type '${this.definition.type}'. Path '${path}'.`,
    );
  }

  private checkMembers(types: Record<string, string>, object: JsonObject, prefix: string): void {
    for (const [name, type] of Object.entries(types)) {
      const value = object[name];
      if (value !== undefined && value !== null) {
        this.check(type, value, prefix + name);
      } else if (type.endsWith("!")) {
        throw invalid(`Required property '${prefix}${name}' was not found.`);
      }
    }
  }

  private check(declared: string, value: Json, path: string): void {
    const type = declared.replace(/!$/, "");
    if (type === "any") return;
    if (path.endsWith("userAssignedIdentities")) return this.expect(value, "object", path);
    if (type.startsWith("[]")) return this.checkList(type.slice(2), value, path);
    if (type.startsWith("{}")) return this.checkMap(type.slice(2), value, path);
    if (type.startsWith("@")) return this.checkNamed(type.slice(1), value, path);
    this.expect(value, type, path);
  }

  private expect(value: Json, type: string, path: string): void {
    if (typeof value !== type) {
      throw invalid(`The value at '${path}' must be a ${type}, not ${JSON.stringify(value)}.`);
    }
  }

  private checkList(item: string, value: Json, path: string): void {
    if (!Array.isArray(value)) throw invalid(`The value at '${path}' must be an array.`);
    value.forEach((entry, index) => this.check(item, entry, `${path}[${index}]`));
  }

  private checkMap(item: string, value: Json, path: string): void {
    const object = asObject(value);
    if (!object) throw invalid(`The value at '${path}' must be an object.`);
    for (const [key, entry] of Object.entries(object)) this.check(item, entry, `${path}.${key}`);
  }

  private checkNamed(name: string, value: Json, path: string): void {
    const { enums, types } = schemaOf(this.definition.token);
    const allowed = enums[name];
    if (allowed) {
      if (!allowed.some((candidate) => candidate === value)) {
        throw invalid(
          `The value ${JSON.stringify(value)} at '${path}' is not one of ${allowed.join(", ")}.`,
        );
      }
      return;
    }
    const object = asObject(value);
    if (!object) throw invalid(`The value at '${path}' must be an object.`);
    this.checkNested(name, types[name] ?? {}, object, path);
  }

  private checkNested(
    typeName: string,
    members: Readonly<Record<string, string>>,
    object: JsonObject,
    path: string,
  ): void {
    const wire = Object.fromEntries(
      Object.entries(members).map(([name, type]) => [
        nestedWireName(this.definition, typeName, name),
        type,
      ]),
    );
    for (const name of Object.keys(object)) {
      if (!(name in wire)) {
        throw invalid(
          `Could not find member '${name}' on object of type '${typeName}'. Path '${path}.${name}'.`,
        );
      }
    }
    this.checkMembers(wire, object, `${path}.`);
  }
}

function invalid(message: string): Error {
  return badRequest("InvalidRequestContent", `The request content was invalid: ${message}`);
}
