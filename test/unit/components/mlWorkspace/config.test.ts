import * as fs from "node:fs";
import { read } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT, write } from "../../../support/folder";

const DOWNLOAD =
  "download config.json from the workspace's page in the Azure portal, or write it with these three fields";
const KEY = "azureml-aks:workspace.configFile";
const V1 = { subscription_id: "s", resource_group: "g", workspace_name: "w" };

inFolderWith(SAMPLE_PROJECT);

function existing(content?: string, configFile?: string) {
  if (content !== undefined) write({ "config.json": content });
  return read({ workspace: { mode: "existing", ...(configFile && { configFile }) } });
}

describe("a new workspace", () => {
  it("is what an empty configuration asks for", () => {
    const { config, faults } = read({ workspace: undefined });
    expect(faults).toEqual([]);
    expect(config.workspace).toEqual({ mode: "new", name: "azureml", tags: {} });
  });

  it("has tags as they are written", () => {
    const tags = { cost: 12, shared: true, team: "x" };
    expect(read({ workspace: { tags } }).config.workspace).toMatchObject({
      tags: { cost: "12", shared: "true", team: "x" },
    });
  });

  it.each(["ab", "a".repeat(15), "1abc", "-abc", "abc-", "Abc", "a_c", "a.c", "a c", "ä-ä"])(
    "cannot be called %j, which leaves no room or breaks Azure's rules",
    (name) => {
      expect(read({ workspace: { name } }).faults).toEqual([
        {
          key: "azureml-aks:workspace.name",
          value: name,
          rule: "must be 3 to 14 characters: lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
          remedy: "choose a shorter or plainer name",
        },
      ]);
    },
  );

  it("is suggested for a mode that is misspelt", () => {
    expect(read({ workspace: { mode: "exsting" } }).faults).toMatchObject([
      {
        key: "azureml-aks:workspace.mode",
        value: "exsting",
        rule: "must be one of new, existing",
        remedy: 'did you mean "existing"?',
      },
    ]);
  });

  it.each(["toString", "constructor"])(
    "has no mode %s, which every object has by nature",
    (mode) => {
      expect(read({ workspace: { mode } }).faults).toMatchObject([
        { key: "azureml-aks:workspace.mode", value: mode, rule: "must be one of new, existing" },
      ]);
    },
  );

  it("is not read from a file, and says so", () => {
    expect(read({ workspace: { configFile: "config.json" } }).faults).toMatchObject([
      {
        key: KEY,
        value: "config.json",
        rule: "is not a known key; known are mode, name, storageSku, tags",
      },
    ]);
  });
});

describe("an existing workspace", () => {
  it("is the one that v1's config.json names", () => {
    const { config, faults } = existing(JSON.stringify({ ...V1, extra: 1 }));
    expect(faults).toEqual([]);
    expect(config.workspace).toEqual({
      mode: "existing",
      subscriptionId: "s",
      resourceGroupName: "g",
      workspaceName: "w",
    });
  });

  it("is found in another file too", () => {
    write({ "conf/ws.json": JSON.stringify(V1) });
    expect(existing(undefined, "conf/ws.json").faults).toEqual([]);
  });

  it("is read from a file with the mark that Windows editors put in front", () => {
    expect(existing(`\uFEFF${JSON.stringify(V1)}`).faults).toEqual([]);
  });

  it.each([".azureml/config.json", "aml_config/config.json", "../config.json"])(
    "is found where `from_config()` finds it: %s",
    (file) => {
      fs.mkdirSync("project");
      process.chdir("project");
      write({ [file]: JSON.stringify(V1) });
      const faults = [...existing().faults, ...existing(undefined, ".").faults];
      expect(faults.filter(({ key }) => key === KEY)).toEqual([]);
    },
  );

  it("is the one beside the program where there are several", () => {
    write({ ".azureml/config.json": "{}" });
    expect(existing(JSON.stringify(V1)).faults).toEqual([]);
  });

  it("needs a config.json", () => {
    expect(existing().faults).toEqual([
      {
        key: KEY,
        value: undefined,
        rule: 'must name a file; there is no "config.json"',
        remedy: DOWNLOAD,
      },
    ]);
  });

  it("needs the file that is named", () => {
    expect(existing(undefined, "ws.json").faults).toEqual([
      {
        key: KEY,
        value: "ws.json",
        rule: 'must name a file; there is no "ws.json"',
        remedy: DOWNLOAD,
      },
    ]);
  });

  it("is not read from a folder", () => {
    fs.mkdirSync("folder");
    expect(existing(undefined, "folder").faults).toMatchObject([{ key: KEY, value: "folder" }]);
  });

  it.each(["", "not json", "{", "subscription_id: s"])("needs JSON, which %j is not", (text) => {
    expect(existing(text).faults).toEqual([
      {
        key: KEY,
        value: undefined,
        rule: expect.stringMatching(/^must name a JSON file; .+/) as unknown,
        remedy: DOWNLOAD,
      },
    ]);
  });

  it("is told every field that is missing, empty or no string", () => {
    const wrong = { subscription_id: 1, workspace_name: "" };
    expect(existing(JSON.stringify(wrong)).faults).toEqual(
      ["subscription_id", "resource_group", "workspace_name"].map((field) => ({
        key: KEY,
        value: undefined,
        rule: `"config.json" must have the string field "${field}"`,
        remedy: DOWNLOAD,
      })),
    );
  });

  it.each(["[]", "null", "1", '"text"'])("needs an object, which %s is not", (text) => {
    expect(existing(text).faults).toHaveLength(3);
  });

  it("is not renamed, and says so", () => {
    write({ "config.json": JSON.stringify(V1) });
    expect(read({ workspace: { mode: "existing", name: "x" } }).faults).toMatchObject([
      { key: "azureml-aks:workspace.name", rule: "is not a known key; known are configFile, mode" },
    ]);
  });
});
