import { Metadata } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import {
  compare,
  diffOf,
  hideLike,
  InitializationError,
  reveal,
  Secret,
  UNKNOWN,
} from "../../../../sandbox/plugins/protocol";
import { renderPath } from "../../../../sandbox/plugins/protocol/diff";
import { toServiceError } from "../../../../sandbox/plugins/protocol/errors";
import { diffResponse } from "../../../../sandbox/plugins/protocol/messages";
import { fromStruct, toStruct } from "../../../../sandbox/plugins/protocol/wire";

test("secrets and unknowns survive the wire at any depth", () => {
  const map = { a: [new Secret({ b: "x" })], c: UNKNOWN, d: null, e: { f: 1.5, g: false } };
  expect(fromStruct(toStruct(map))).toEqual(map);
});

test("undefined properties are not sent", () => {
  expect(fromStruct(toStruct({ a: undefined, b: 1 }))).toEqual({ b: 1 });
});

test("a secret prints as nothing but that it is one", () => {
  expect(JSON.stringify({ key: new Secret("hunter2") })).toBe('{"key":"[secret]"}');
});

test("an unknown that leaks into a request is an error, not a literal", () => {
  expect(() => JSON.stringify({ key: UNKNOWN })).toThrow("unknown value");
});

test("a diff sees through secrets, and takes null for absent", () => {
  expect(compare({ a: new Secret("x"), b: null }, { a: "x" })).toEqual([]);
});

test("a diff names additions, removals and changes by their path", () => {
  const changes = compare({ a: { b: 1, c: 2 }, l: [1, 2] }, { a: { b: 3, d: 4 }, l: [1] });
  expect(changes.map(({ path, kind }) => `${kind} ${renderPath(path)}`).sort()).toEqual([
    "add a.d",
    "delete a.c",
    "delete l[1]",
    "update a.b",
  ]);
});

test("an unknown is a change even where the old value was unknown", () => {
  expect(compare({ a: UNKNOWN }, { a: UNKNOWN })).toHaveLength(1);
});

test("a parent that is only unknown replaces nothing, an unknown that a rule names does", () => {
  const rules = { replaceOn: ["spec.selector", "metadata.name"] };
  const olds = { spec: { selector: "a" }, metadata: { name: "a" } };
  const parent = compare(olds, { ...olds, spec: UNKNOWN });
  const named = compare(olds, { ...olds, metadata: { name: UNKNOWN } });
  expect(diffOf(parent, rules).replaces).toEqual([]);
  expect(diffOf(named, rules).replaces).toHaveLength(1);
});

test("keys with dots are quoted in paths", () => {
  expect(renderPath(["metadata", "annotations", "a.b/c"])).toBe('metadata.annotations["a.b/c"]');
});

test("a replacement rule covers what is below it and the loss of what is above it", () => {
  const rules = { replaceOn: ["spec.selector"] };
  const below = compare({ spec: { selector: { app: "a" } } }, { spec: { selector: { app: "b" } } });
  const above = compare({ spec: { selector: { app: "a" } } }, {});
  const beside = compare({ spec: { replicas: 1 } }, { spec: { replicas: 2 } });
  expect(diffOf(below, rules).replaces).toHaveLength(1);
  expect(diffOf(above, rules).replaces).toHaveLength(1);
  expect(diffOf(beside, rules).replaces).toHaveLength(0);
});

test("deleting first is only asked for when something is replaced", () => {
  const changes = compare({ a: 1 }, { a: 2 });
  const inPlace = diffResponse(diffOf(changes, { deleteBeforeReplace: true }));
  const replaced = diffResponse(diffOf(changes, { deleteBeforeReplace: true, replaceOn: ["a"] }));
  expect(inPlace.getDeletebeforereplace()).toBe(false);
  expect(replaced.getDeletebeforereplace()).toBe(true);
  expect(replaced.getReplacesList()).toEqual(["a"]);
});

test("outputs are secret where the inputs of the same path are", () => {
  const like = { a: { b: new Secret("x") }, list: [new Secret("y"), "z"] };
  const marked = hideLike({ a: { b: "x", c: 1 }, list: ["y", "z"], other: 1 }, like);
  expect(marked).toEqual({
    a: { b: new Secret("x"), c: 1 },
    list: [new Secret("y"), "z"],
    other: 1,
  });
});

test("a list whose length no longer fits is secret as a whole if any of it was", () => {
  const marked = hideLike({ list: ["y", "z", "w"] }, { list: [new Secret("y"), "z"] });
  expect(marked).toEqual({ list: new Secret(["y", "z", "w"]) });
  expect(reveal(marked)).toEqual({ list: ["y", "z", "w"] });
});

test("an initialization error carries the partial state to the engine", () => {
  const resource = { id: "ns/n", outputs: { s: new Secret("x") }, inputs: {}, reasons: ["why"] };
  const { metadata } = toServiceError(new InitializationError("not ready", resource));
  expect(metadata).toBeInstanceOf(Metadata);
  const [packed] = metadata.get("grpc-status-details-bin");
  const [detail] = Status.deserializeBinary(packed as Buffer).getDetailsList();
  expect(detail?.getTypeName()).toBe("pulumirpc.ErrorResourceInitFailed");
  const failed = ErrorResourceInitFailed.deserializeBinary(detail?.getValue_asU8() ?? Buffer.of());
  expect(failed.getId()).toBe("ns/n");
  expect(failed.getReasonsList()).toEqual(["why"]);
  expect(fromStruct(failed.getProperties())).toEqual({ s: new Secret("x") });
});
