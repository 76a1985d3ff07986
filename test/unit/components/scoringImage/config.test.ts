import * as fs from "node:fs";
import { builtImage, read, service } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT, write } from "../../../support/folder";

const IMAGE = "azureml-aks:services.aks-service-1.image";
const SCRIPT = "name the Python script with init() and run(raw_data)";
const CONDA = "name a conda environment file such as myenv.yml, with a list of dependencies";

inFolderWith(SAMPLE_PROJECT);

function image(change: object) {
  return read({ services: { "aks-service-1": service({}, { ...change }) } });
}

describe("an image", () => {
  it("is named after its service, on the Python that the conda file asks for, by default", () => {
    write({ "scoring/myenv.yml": "dependencies: [python=3.12.4, pip: [numpy]]" });
    const { config, faults } = image({ name: undefined });
    expect(faults).toEqual([]);
    expect(config.services[0]?.image).toMatchObject({
      name: "aks-service-1",
      description: "",
      tags: {},
      baseImage: "python:3.12-slim-bookworm",
      code: [{ name: "score.py", source: "scoring/score.py" }],
      environment: {
        packages: "channels",
        channels: [],
        files: [{ name: "myenv.yml", source: "scoring/myenv.yml" }],
      },
      serverImage: "python:3.11-slim-bookworm",
    });
  });

  it("is built on Python 3.11 where the conda file names none, or on what is configured", () => {
    write({ "scoring/myenv.yml": "dependencies: [numpy]" });
    expect(builtImage(image({}).config).baseImage).toBe("python:3.11-slim-bookworm");
    expect(builtImage(image({ baseImage: "mine:1" }).config).baseImage).toBe("mine:1");
  });

  it("takes files and folders along beside the script", () => {
    write({ "helpers.py": "x", "package/__init__.py": "", "package/deep/a.py": "y" });
    const { config, faults } = image({ dependencies: ["helpers.py", "package", "./package/deep"] });
    expect(faults).toEqual([]);
    expect(builtImage(config).code.map(({ name }) => name)).toEqual([
      "score.py",
      "helpers.py",
      "package/__init__.py",
      "package/deep/a.py",
      "deep/a.py",
    ]);
  });

  it.each(["Upper", "a..b", "-a", "a-", "a/b", "a b", "a:1", "ä"])(
    "cannot be called %j",
    (name) => {
      expect(image({ name }).faults).toEqual([
        {
          key: `${IMAGE}.name`,
          value: name,
          rule: "must be at most 90 characters: lower-case letters and digits, separated by single dots, underscores or hyphens",
          remedy: "choose a name by this rule",
        },
      ]);
    },
  );

  it("takes no file along that does not exist", () => {
    expect(image({ dependencies: ["scoring/score.py", "nowhere.py"] }).faults).toMatchObject([
      {
        key: `${IMAGE}.dependencies`,
        value: ["scoring/score.py", "nowhere.py"],
        rule: 'must name files or folders; there is no "nowhere.py"',
        remedy: "fix the path",
      },
    ]);
  });
});

describe("files beside the script", () => {
  it.each([
    [["scoring/score.py"], "scoring/score.py", "scoring/score.py"],
    [["other/score.py"], "scoring/score.py", "other/score.py"],
    [["a/helpers", "helpers"], "a/helpers/x.py", "helpers/x.py"],
    [["b/helpers", "helpers"], "b/helpers", "helpers/x.py"],
  ])("have a place each, which %j have not", (dependencies, one, other) => {
    write({ "other/score.py": "", "a/helpers/x.py": "", "b/helpers": "", "helpers/x.py": "" });
    expect(image({ dependencies }).faults).toEqual([
      {
        key: `${IMAGE}.dependencies`,
        value: dependencies,
        rule: `must not give two files one place beside the script; "${one}" and "${other}" do`,
        remedy: "leave one of them out, or rename it",
      },
    ]);
  });

  it("are all there: a link that leads nowhere is a fault", () => {
    write({ "dep/a.py": "" });
    fs.symlinkSync("nowhere", "dep/broken");
    expect(image({ dependencies: ["dep"] }).faults).toEqual([
      {
        key: `${IMAGE}.dependencies`,
        value: ["dep"],
        rule: 'must be complete; the link "dep/broken" leads nowhere',
        remedy: "fix or remove the link",
      },
    ]);
  });

  it("do not include what importing them left behind", () => {
    write({ "dep/a.py": "", "dep/__pycache__/a.cpython-311.pyc": "x" });
    const { config } = image({ dependencies: ["dep"] });
    expect(builtImage(config).code.map(({ name }) => name)).toEqual(["score.py", "dep/a.py"]);
  });
});

describe("the entry script", () => {
  it.each([undefined, null])("is required: %j", (entryScript) => {
    expect(image({ entryScript }).faults).toMatchObject([
      { key: `${IMAGE}.entryScript`, rule: "is required", remedy: SCRIPT },
    ]);
  });

  it("must be a file that exists", () => {
    fs.mkdirSync("folder");
    for (const entryScript of ["scoring/scroe.py", "folder"]) {
      expect(image({ entryScript }).faults).toEqual([
        {
          key: `${IMAGE}.entryScript`,
          value: entryScript,
          rule: "must name a file that exists",
          remedy: SCRIPT,
        },
      ]);
    }
  });

  it("must be Python, in the interpreter's own words", () => {
    write({ "scoring/score.py": "def init(:\n  pass\ndef run(raw_data): pass\n" });
    expect(image({}).faults).toEqual([
      {
        key: `${IMAGE}.entryScript`,
        value: "scoring/score.py",
        rule: "must be Python; SyntaxError: invalid syntax (line 1)",
        remedy: "fix the script",
      },
    ]);
  });

  it.each([
    ["", "init() and run()"],
    ["def init(): pass\n", "run()"],
    ["def run(raw_data): pass\n", "init()"],
    ["class Model:\n  def init(self): pass\n  def run(self, data): pass\n", "init() and run()"],
  ])("must define the functions of the contract: %j lacks %s", (script, missing) => {
    write({ "scoring/score.py": script });
    expect(image({}).faults).toEqual([
      {
        key: `${IMAGE}.entryScript`,
        value: "scoring/score.py",
        rule: `must define ${missing} at its top level`,
        remedy: SCRIPT,
      },
    ]);
  });
});

describe("the conda file", () => {
  it("is required, and must be a file that exists", () => {
    expect(image({ condaFile: undefined }).faults).toMatchObject([
      { key: `${IMAGE}.condaFile`, value: undefined, rule: "is required", remedy: CONDA },
    ]);
    expect(image({ condaFile: "env.yml" }).faults).toEqual([
      {
        key: `${IMAGE}.condaFile`,
        value: "env.yml",
        rule: "must name a file that exists",
        remedy: CONDA,
      },
    ]);
  });

  it.each([
    ["dependencies: [", /this one is not YAML: .+/],
    ["\tdependencies:\n", /this one is not YAML: .+/],
    ["", /this one has no `dependencies`$/],
    ["just text", /this one has no `dependencies`$/],
    ["name: env\n", /this one has no `dependencies`$/],
    ["dependencies:\n", /this one has `dependencies` that are not a list, or an empty one$/],
    ["dependencies: []\n", /this one has `dependencies` that are not a list, or an empty one$/],
    ["dependencies: numpy\n", /this one has `dependencies` that are not a list, or an empty one$/],
  ])("must be YAML with dependencies, which %j is not", (text, rule) => {
    write({ "scoring/myenv.yml": text });
    expect(image({}).faults).toEqual([
      {
        key: `${IMAGE}.condaFile`,
        value: "scoring/myenv.yml",
        rule: expect.stringMatching(rule) as unknown,
        remedy: CONDA,
      },
    ]);
  });
});

describe("the way an image is built", () => {
  it("is Docker, or a task of the registry", () => {
    expect(builtImage(image({}).config).build).toBe("docker");
    expect(builtImage(image({ build: "acr" }).config).build).toBe("acr");
    expect(image({ build: "arc" }).faults).toEqual([
      {
        key: `${IMAGE}.build`,
        value: "arc",
        rule: "must be one of docker, acr",
        remedy: 'did you mean "acr"?',
      },
    ]);
  });
});

describe("an image by its digest", () => {
  const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
  const given = (digest: unknown, more: object = {}, others: object = {}) =>
    read({
      services: {
        "aks-service-1": { models: ["best_model"], image: { digest, ...more } },
        ...others,
      },
    });

  it.each(["registry.azurecr.io/a/b", "localhost/a", "127.0.0.1:5000/a/b-c", "host:5000/a__b.c"])(
    "may be in any registry, as %s",
    (repository) => {
      const { config, faults } = given(`${repository}@${DIGEST}`);
      expect(faults).toEqual([]);
      expect(config.services[0]?.image).toEqual({
        kind: "given",
        reference: `${repository}@${DIGEST}`,
      });
    },
  );

  it.each([
    "registry.azurecr.io/a:v1",
    `a/b@${DIGEST}`,
    `registry.azurecr.io/a:v1@${DIGEST}`,
    `registry.azurecr.io/A@${DIGEST}`,
    `registry.azurecr.io/a@${DIGEST.slice(0, -1)}`,
    DIGEST,
  ])("is not %j", (digest) => {
    expect(given(digest).faults).toMatchObject([
      {
        key: `${IMAGE}.digest`,
        value: digest,
        rule: "must name an image by registry, repository and digest: registry/repository@sha256:<64 digits>",
      },
    ]);
  });

  it("leaves no choice about what is in it, and no fault shows what was chosen", () => {
    const more = { entryScript: "scoring/score.py", credentials: { host: "name:password" } };
    const { faults } = given(`registry.azurecr.io/a@${DIGEST}`, more);
    const fault = {
      value: "[not shown]",
      rule: "must not be set beside digest, which names an image that is built already",
      remedy: "remove it, or remove digest",
    };
    expect(faults).toEqual([
      { key: `${IMAGE}.entryScript`, ...fault },
      { key: `${IMAGE}.credentials`, ...fault },
    ]);
  });

  it("has no option that there is not", () => {
    expect(given(`registry.azurecr.io/a@${DIGEST}`, { entrScript: "x" }).faults).toMatchObject([
      { key: `${IMAGE}.entrScript`, remedy: 'did you mean "entryScript"?' },
    ]);
  });

  it("may be that of several services, whatever others call theirs", () => {
    const image = { digest: `registry.azurecr.io/a@${DIGEST}` };
    const other = service({}, { name: "aks-service-1" });
    const others = { two: { models: ["best_model"], image }, three: other };
    expect(given(image.digest, {}, others).faults).toEqual([]);
  });
});
