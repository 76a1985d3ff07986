import type { JsonObject } from "../../../../sandbox/json";
import { validateTags } from "../../../../sandbox/azure/arm/tags";

const GROUP = "Microsoft.Resources/resourceGroups";
const ACCOUNT = "Microsoft.Storage/storageAccounts";

describe("the emulated control plane", () => {
  it.each([
    ["a/b", "x", /reserved characters/],
    ["a\\b", "x", /reserved characters/],
    [" ", "x", /non-whitespace/],
    ["n".repeat(513), "x", /exceeds 512/],
    ["a", "v".repeat(257), /exceeds 256/],
  ])("refuses the tag %.20s, as Azure does", (name, value, message) => {
    expect(() => validateTags(GROUP, { tags: { [name]: value } })).toThrow(message);
  });

  it("refuses longer names on a storage account than on other resources", () => {
    const body = { tags: { ["n".repeat(129)]: "x" } };
    expect(() => validateTags(ACCOUNT, body)).toThrow(/exceeds 128/);
    expect(() => validateTags(GROUP, body)).not.toThrow();
  });

  it.each<JsonObject>([{}, { tags: null }, { tags: {} }, { tags: { "cost center": "1:2#3" } }])(
    "takes %j",
    (body) => {
      expect(() => validateTags(ACCOUNT, body)).not.toThrow();
    },
  );
});
