import { read } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT } from "../../../support/folder";

inFolderWith(SAMPLE_PROJECT);

type Tags = Readonly<Record<string, unknown>>;

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag${index}`, "value"]));

describe.each([
  ["workspace", 128],
  ["cluster", 512],
])("tags of the %s", (section, longest) => {
  const faults = (tags: Tags) => read({ [section]: { tags } }).faults;
  const key = (name: string) => `azureml-aks:${section}.tags.${name}`;

  it.each<[string, Tags]>([
    ["50 tags", many(50)],
    ["a long name and a long value", { ["n".repeat(longest)]: "v".repeat(256) }],
    [
      "letters of all scripts, spaces within, no value",
      { "Kostenstelle Köln 費用": "", "a:b#c": "é" },
    ],
    ["numbers and booleans", { cost: 7, billed: true }],
  ])("may be %s", (_, tags) => {
    expect(faults(tags)).toEqual([]);
  });

  it.each(["<", ">", "%", "&", "\\", "?", "/", "\n"])("have no %j in a name", (character) => {
    const name = `cost${character}center`;
    expect(faults({ [name]: "x" })).toMatchObject([
      { key: key(name), rule: expect.stringMatching(/without < > % & \\ \? \//) as unknown },
    ]);
  });

  it.each(["microsoft.x", "Azure-owner", "WINDOWS"])("have no name such as %s", (name) => {
    expect(faults({ [name]: "x" })).toMatchObject([
      { rule: "must have a name that does not start with microsoft, azure or windows" },
    ]);
  });

  it.each<[string, Tags, string]>([
    ["a blank name", { " ": "x" }, "must have a name that is not blank"],
    ["spaces around a name", { " a": "x" }, "must have a name without spaces around it"],
    [
      "a name that is too long",
      { ["n".repeat(longest + 1)]: "x" },
      `must have a name of at most ${longest} characters`,
    ],
    ["a value that is too long", { a: "v".repeat(257) }, "must be at most 256 characters"],
    [
      "names that differ in case",
      { Owner: "a", owner: "b" },
      'must differ in more than the letters\' case; there is "Owner"',
    ],
    ["too many", many(51), "must be at most 50 tags; these are 51"],
  ])("are refused for %s", (_, tags, rule) => {
    expect(faults(tags)).toMatchObject([{ rule }]);
  });

  it("are refused all at once", () => {
    expect(faults({ "a/b": "x", azure: "y", c: "v".repeat(257) })).toHaveLength(3);
  });
});
