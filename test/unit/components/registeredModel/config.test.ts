import * as fs from "node:fs";
import { read } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT, write } from "../../../support/folder";

const PATH = "azureml-aks:models.best_model.path";

inFolderWith(SAMPLE_PROJECT);

function model(change: object) {
  return read({ models: { best_model: { path: "scoring/model.pkl", ...change } } });
}

describe("a model", () => {
  it("has a version by its content, and nothing else set, by default", () => {
    const { config, faults } = model({});
    expect(faults).toEqual([]);
    expect(config.models).toEqual([
      {
        name: "best_model",
        description: "",
        tags: {},
        files: [
          {
            name: "model.pkl",
            source: "scoring/model.pkl",
            size: 7,
            sha256: "97ff8a35544dcf40ad84047074439dd6aa3a0be469ea578a1b1c017d939ec61c",
          },
        ],
        version: expect.stringMatching(/^[0-9a-f]{12}$/) as unknown,
        existing: false,
        useExistingContainer: false,
      },
    ]);
  });

  it("keeps its version until its content changes", () => {
    const version = () => model({}).config.models[0]?.version;
    const before = version();
    fs.utimesSync("scoring/model.pkl", 1, 1);
    expect(version()).toBe(before);
    write({ "scoring/model.pkl": "another model" });
    expect(version()).not.toBe(before);
  });

  it("may be a folder of files, of which some are empty", () => {
    write({ "model/MLmodel": "x", "model/code/__init__.py": "", "model/code/a.py": "y" });
    const { config, faults } = model({ path: "model" });
    expect(faults).toEqual([]);
    expect(config.models[0]?.files.map(({ name }) => name)).toEqual([
      "MLmodel",
      "code/__init__.py",
      "code/a.py",
    ]);
  });

  it("needs a path", () => {
    expect(read({ models: { best_model: {} } }).faults).toMatchObject([
      {
        key: PATH,
        value: undefined,
        rule: "is required",
        remedy: "name the trained model's file or folder",
      },
    ]);
  });

  it("needs a file or folder that exists", () => {
    expect(model({ path: "scoring/modle.pkl" }).faults).toEqual([
      {
        key: PATH,
        value: "scoring/modle.pkl",
        rule: "must name a file or folder that exists",
        remedy: "train the model, or fix the path",
      },
    ]);
  });

  it("is not empty", () => {
    write({ "empty.pkl": "" });
    expect(model({ path: "empty.pkl" }).faults).toEqual([
      {
        key: PATH,
        value: "empty.pkl",
        rule: 'must not be empty; "empty.pkl" has no content',
        remedy: "train the model again",
      },
    ]);
  });

  it("is not a folder whose files are all empty", () => {
    write({ "model/a": "", "model/b": "" });
    expect(model({ path: "model" }).faults).toMatchObject([{ key: PATH, value: "model" }]);
  });

  it("is not a folder without a file, however many folders are in it", () => {
    fs.mkdirSync("model/deeper", { recursive: true });
    expect(model({ path: "model" }).faults).toEqual([
      {
        key: PATH,
        value: "model",
        rule: "must not be a folder without files",
        remedy: "put the model's files into it",
      },
    ]);
  });

  it("is not a folder with a link whose content was not fetched", () => {
    write({ "model/MLmodel": "x" });
    fs.symlinkSync("../store/model.pkl", "model/model.pkl");
    expect(model({ path: "model" }).faults).toEqual([
      {
        key: PATH,
        value: "model",
        rule: 'must be complete; the link "model/model.pkl" leads nowhere',
        remedy: "fetch the model's content",
      },
    ]);
  });

  it.each(["", "   "])("has a path that is not %j", (path) => {
    expect(model({ path }).faults).toMatchObject([
      { key: PATH, value: path, rule: "must be a string that is not empty" },
    ]);
  });

  it.each(["-model", "my model", "a/b", "modèle", "a".repeat(256)])(
    "cannot be called %j",
    (name) => {
      expect(
        read({ models: { best_model: { path: "scoring/model.pkl" }, [name]: { path: "scoring" } } })
          .faults,
      ).toEqual([
        {
          key: `azureml-aks:models.${name}.name`,
          value: name,
          rule: expect.stringContaining(
            `the model's name "${name}" must be 1 to 255 characters: letters, digits, hyphens and underscores`,
          ) as unknown,
          remedy: "rename the key",
        },
      ]);
    },
  );

  it.each([[["a"]], ["text"], [{ a: ["nested"] }]])("cannot have the tags %j", (tags) => {
    expect(model({ tags }).faults).toEqual([
      {
        key: "azureml-aks:models.best_model.tags",
        value: tags,
        rule: "must map names to strings",
        remedy: "write it as key: value pairs of strings",
      },
    ]);
  });

  it("is not a string: its settings are an object", () => {
    expect(read({ models: { best_model: "scoring/model.pkl" } }).faults).toMatchObject([
      {
        key: "azureml-aks:models.best_model",
        value: "scoring/model.pkl",
        rule: "must be an object",
        remedy: "write it as key: value pairs",
      },
      { key: PATH, rule: "is required" },
    ]);
  });

  it("is not registered under a name of others where it is not registered at all", () => {
    expect(model({ existing: true, useExistingContainer: true }).faults).toEqual([
      {
        key: "azureml-aks:models.best_model.useExistingContainer",
        value: true,
        rule: "must not be set beside existing: true, which registers nothing",
        remedy: "remove one of the two",
      },
    ]);
  });

  it("has no key that is unknown, and is told the one that was meant", () => {
    expect(model({ descripton: "x" }).faults).toEqual([
      {
        key: "azureml-aks:models.best_model.descripton",
        value: "x",
        rule: "is not a known key; known are description, existing, path, tags, useExistingContainer",
        remedy: 'did you mean "description"?',
      },
    ]);
  });
});

describe("several models", () => {
  it("keep the order in which they are written", () => {
    const path = "scoring/model.pkl";
    const { config } = read({ models: { zebra: { path }, best_model: { path }, ant: { path } } });
    expect(config.models.map(({ name }) => name)).toEqual(["zebra", "best_model", "ant"]);
  });
});
