import { compare as verifyHash } from "bcryptjs";
import { Secret, UNKNOWN } from "../../../../sandbox/plugins/protocol";
import type { Context, PropertyMap, PropertyValue } from "../../../../sandbox/plugins/protocol";
import { random } from "../../../../sandbox/plugins/random/random";

const PASSWORD = "random:index/randomPassword:RandomPassword";
const STRING = "random:index/randomString:RandomString";

const silent = () => undefined;
const context: Context = {
  signal: new AbortController().signal,
  log: { status: silent, warn: silent },
};

function request(type: string) {
  return { urn: `urn:pulumi:s::p::${type}::n`, type, name: "n" };
}

function create(type: string, inputs: PropertyMap, preview = false) {
  return random.create({ ...request(type), inputs, preview }, context);
}

function diff(type: string, oldInputs: PropertyMap, news: PropertyMap) {
  const old = { id: "x", oldInputs, oldOutputs: {}, ignoreChanges: [] };
  return random.diff({ ...request(type), ...old, news }, context);
}

function text(value: PropertyValue | undefined): string {
  if (typeof value !== "string") throw new Error("no text");
  return value;
}

async function failures(type: string, news: PropertyMap) {
  const randomSeed = new Uint8Array();
  const result = await random.check({ ...request(type), olds: {}, news, randomSeed }, context);
  return result.failures?.map(({ property }) => property);
}

test("a string has the length and only the characters that were asked for", async () => {
  const { id, outputs } = await create(STRING, { length: 200, upper: false, special: false });
  expect(outputs["result"]).toMatch(/^[a-z0-9]{200}$/);
  expect(id).toBe(outputs["result"]);
});

test("the least numbers of each class are kept and not always at the front", async () => {
  const inputs = { length: 30, lower: true, upper: false, special: false, minNumeric: 5 };
  const results = await Promise.all(Array.from({ length: 20 }, () => create(STRING, inputs)));
  const texts = results.map(({ outputs }) => text(outputs["result"]));
  expect(texts.every((text) => (text.match(/\d/g) ?? []).length >= 5)).toBe(true);
  expect(texts.some((text) => !/^\d{5}/.test(text))).toBe(true);
});

test("overrideSpecial replaces the special characters", async () => {
  const inputs = { length: 50, upper: false, lower: false, numeric: false, overrideSpecial: "_-" };
  expect((await create(STRING, inputs)).outputs["result"]).toMatch(/^[_-]{50}$/);
});

test("a password and its bcrypt hash are secret and belong together", async () => {
  const { id, outputs } = await create(PASSWORD, { length: 24 });
  const { result, bcryptHash } = outputs;
  if (!(result instanceof Secret) || !(bcryptHash instanceof Secret)) throw new Error("not secret");
  expect(id).toBe("none");
  expect(await verifyHash(text(result.value), text(bcryptHash.value))).toBe(true);
});

test("in a preview what will be generated is unknown, and no less secret", async () => {
  const { outputs } = await create(PASSWORD, { length: 24 }, true);
  expect(outputs["result"]).toEqual(new Secret(UNKNOWN));
});

test("an output that echoes a secret input is secret", async () => {
  const { outputs } = await create(STRING, { length: 4, keepers: { key: new Secret("k") } });
  expect(outputs["keepers"]).toEqual({ key: new Secret("k") });
});

test("a changed keeper and a changed setting replace", async () => {
  const keeper = await diff(
    STRING,
    { length: 4, keepers: { a: "1" } },
    { length: 4, keepers: { a: "2" } },
  );
  expect(keeper.replaces.map(({ path }) => path)).toEqual([["keepers", "a"]]);
  const length = await diff(STRING, { length: 4 }, { length: 5 });
  expect(length.replaces.map(({ path }) => path)).toEqual([["length"]]);
});

test("an unknown keeper replaces, as it may change", async () => {
  const { replaces } = await diff(
    STRING,
    { length: 4, keepers: { a: "1" } },
    { length: 4, keepers: { a: UNKNOWN } },
  );
  expect(replaces).toHaveLength(1);
});

test("spelling out a default, or the old name of numeric, is no change", async () => {
  const { changes } = await diff(STRING, { length: 4 }, { length: 4, upper: true, number: true });
  expect(changes).toEqual([]);
});

test("settings that no string can meet are refused", async () => {
  const nothing = { upper: false, lower: false, numeric: false, special: false };
  expect(await failures(STRING, { length: 3, minUpper: 2, minLower: 2 })).toEqual(["length"]);
  expect(await failures(STRING, { length: 3, ...nothing })).toEqual(["special"]);
  expect(await failures(STRING, {})).toEqual(["length"]);
  expect(await failures(STRING, { length: 0 })).toEqual(["length"]);
  expect(await failures(STRING, { length: 4, colour: "red" })).toEqual(["colour"]);
  expect(await failures(STRING, { length: UNKNOWN })).toEqual([]);
});

test("a type that is not offered is refused with the types that are", async () => {
  await expect(failures("random:index/randomPet:RandomPet", {})).rejects.toThrow(
    /does not know "random:index\/randomPet:RandomPet"; it offers .*RandomString/,
  );
});
