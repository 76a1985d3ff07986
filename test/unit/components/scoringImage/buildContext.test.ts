import * as fs from "node:fs";
import * as os from "node:os";
import {
  layOut,
  planBuild,
  type BuildInputs,
} from "../../../../components/scoringImage/buildContext";
import { readContentFile, readContentFiles } from "../../../../components/files/contentFiles";
import { read } from "../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT, write } from "../../../support/folder";
import { MODEL, SERVICE } from "../../../support/program";

inFolderWith(SAMPLE_PROJECT);

function inputs(): BuildInputs {
  const code = [readContentFile("scoring/score.py")] as const;
  const files = [{ ...readContentFile("scoring/myenv.yml"), name: "myenv.yml" }];
  const environment = { ...SERVICE.image.environment, files };
  return {
    image: { ...SERVICE.image, code, environment },
    models: [{ ...MODEL, files: readContentFiles("scoring/model.pkl") }],
    serverFolder: "server",
  };
}

function tagWith(change: (given: BuildInputs) => BuildInputs): string {
  return planBuild(change(inputs())).tag;
}

describe("the tag of an image", () => {
  it("is 16 hexadecimal digits, the same for equal inputs", () => {
    const { tag } = planBuild(inputs());
    expect(tag).toMatch(/^[0-9a-f]{16}$/);
    expect(planBuild(inputs()).tag).toBe(tag);
  });

  it.each([
    ["the Dockerfile", "server/Dockerfile"],
    ["the scoring server", "server/scoring_server/__init__.py"],
    ["the conda file", "scoring/myenv.yml"],
    ["the script", "scoring/score.py"],
    ["the model", "scoring/model.pkl"],
    ["the files of the scoring server", "server/scoring_server/more.py"],
  ])("changes with %s", (_, file) => {
    const before = planBuild(inputs()).tag;
    write({ [file]: "changed" });
    expect(planBuild(inputs()).tag).not.toBe(before);
  });

  it.each<[string, (given: BuildInputs) => BuildInputs]>([
    ["base image", ({ image, ...rest }) => ({ ...rest, image: { ...image, baseImage: "other" } })],
    ["description", ({ image, ...rest }) => ({ ...rest, image: { ...image, description: "" } })],
    ["tags", ({ image, ...rest }) => ({ ...rest, image: { ...image, tags: { data: "other" } } })],
    [
      "files beside the script",
      ({ image, ...rest }) => ({
        ...rest,
        image: { ...image, code: [...image.code, ...readContentFiles("scoring/model.pkl")] },
      }),
    ],
    [
      "image of the server's Python",
      ({ image, ...rest }) => ({ ...rest, image: { ...image, serverImage: "other" } }),
    ],
    [
      "source of conda packages",
      ({ image, ...rest }) => ({
        ...rest,
        image: { ...image, environment: { ...image.environment, packages: "pypi" } },
      }),
    ],
    [
      "channels",
      ({ image, ...rest }) => ({
        ...rest,
        image: { ...image, environment: { ...image.environment, channels: ["other"] } },
      }),
    ],
    [
      "Debian packages",
      ({ image, ...rest }) => ({ ...rest, image: { ...image, systemPackages: ["libgl1"] } }),
    ],
    ["models", (given) => ({ ...given, models: [] })],
    [
      "name of a model",
      (given) => ({ ...given, models: given.models.map((m) => ({ ...m, name: "other" })) }),
    ],
    [
      "folder that a model is",
      (given) => ({ ...given, models: given.models.map((m) => ({ ...m, folder: "other" })) }),
    ],
  ])("changes with the %s", (_, change) => {
    expect(tagWith(change)).not.toBe(planBuild(inputs()).tag);
  });

  it("is that of an image that knows what its script is called", () => {
    const [script] = SERVICE.image.code;
    const code = [{ ...script, name: "predict.py" }] as const;
    const { args } = planBuild({ ...inputs(), image: { ...SERVICE.image, code } });
    expect(args.ENTRY_SCRIPT).toBe("predict.py");
  });

  it("does not depend on the order of tags, models or files", () => {
    const two = (names: readonly string[]) => (given: BuildInputs) => ({
      ...given,
      models: names.flatMap((name) => given.models.map((model) => ({ ...model, name }))),
    });
    expect(tagWith(two(["a", "b"]))).toBe(tagWith(two(["b", "a"])));
    const tagged = (tags: Record<string, string>) => (given: BuildInputs) => ({
      ...given,
      image: { ...given.image, tags },
    });
    expect(tagWith(tagged({ a: "1", b: "2" }))).toBe(tagWith(tagged({ b: "2", a: "1" })));
  });

  it("does not depend on when a file was written or where the project lies", () => {
    const { tag } = planBuild(inputs());
    fs.utimesSync("scoring/model.pkl", 1, 1);
    fs.mkdirSync("elsewhere");
    fs.renameSync("scoring", "elsewhere/scoring");
    fs.renameSync("server", "elsewhere/server");
    process.chdir("elsewhere");
    expect(planBuild(inputs()).tag).toBe(tag);
  });

  it("ignores what running and testing the server leaves behind", () => {
    const { tag } = planBuild(inputs());
    write({
      "server/scoring_server/__pycache__/app.cpython-311.pyc": "x",
      "server/.pytest_cache/README.md": "x",
      "server/tests/test_app.py": "x",
      "server/scoring_server.egg-info/PKG-INFO": "x",
      "server/README.md": "x",
      "scoring/train.py": "x",
    });
    expect(planBuild(inputs()).tag).toBe(tag);
  });
});

describe("a build context", () => {
  it("holds each part in its place", () => {
    expect(planBuild(inputs()).files.map(({ name }) => name)).toEqual([
      "Dockerfile",
      "server/conda_environment/__init__.py",
      "server/copy_interpreter.py",
      "server/requirements-build.txt",
      "server/requirements-interpreter.txt",
      "server/requirements-old-pip.txt",
      "server/requirements-worker.txt",
      "server/requirements.txt",
      "server/scoring_server/__init__.py",
      "environment/myenv.yml",
      "code/score.py",
      "models/best_model/1/model.pkl",
    ]);
  });

  it("is laid out with links instead of copies of large files", () => {
    layOut(planBuild(inputs()), ".build/stack/service");
    const placed = ".build/stack/service/models/best_model/1/model.pkl";
    expect(fs.readFileSync(placed, "utf8")).toBe("a model");
    expect(fs.statSync(placed).ino).toBe(fs.statSync("scoring/model.pkl").ino);
  });

  it("holds the file behind a symbolic link, which a build cannot follow", () => {
    fs.renameSync("scoring/model.pkl", "store");
    fs.symlinkSync("../store", "scoring/model.pkl");
    layOut(planBuild(inputs()), "context");
    const placed = fs.lstatSync("context/models/best_model/1/model.pkl");
    expect(placed.isSymbolicLink()).toBe(false);
    expect(placed.size).toBe("a model".length);
  });

  it("gives the server the digests of the models' files", () => {
    const plan = planBuild(inputs());
    layOut(plan, "context");
    const [file] = readContentFiles("scoring/model.pkl");
    const digests: unknown = JSON.parse(fs.readFileSync("context/model-digests.json", "utf8"));
    expect(digests).toEqual({
      "best_model/1/model.pkl": `sha256:${file?.sha256}`,
    });
  });

  it("holds a model that is a folder under the folder's name, as Azure ML does, and several side by side", () => {
    write({ "out/net/weights.json": "[1]", "out/net/sub/vocabulary.txt": "a" });
    const { config } = read({
      models: { net: { path: "./out/net/" }, best_model: { path: "scoring/model.pkl" } },
    });
    const plan = planBuild({ ...inputs(), models: config.models });
    const models = plan.files.map(({ name }) => name).filter((name) => name.startsWith("models/"));
    expect(models).toEqual([
      "models/net/1/net/sub/vocabulary.txt",
      "models/net/1/net/weights.json",
      "models/best_model/1/model.pkl",
    ]);
  });

  // Memory is a file system of its own on Linux: no file can be linked into it. Other hosts have no
  // second file system to copy to, so only they skip this; CI runs on Linux.
  const memory = "/dev/shm";
  const linux = fs.existsSync(memory) && fs.statSync(memory).dev !== fs.statSync(os.tmpdir()).dev;
  (linux ? it : it.skip)("is copied where links cannot reach", () => {
    const folder = fs.mkdtempSync(`${memory}/azureml-aks-`);
    try {
      layOut(planBuild(inputs()), `${folder}/context`);
      const placed = `${folder}/context/models/best_model/1/model.pkl`;
      expect(fs.readFileSync(placed, "utf8")).toBe("a model");
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });

  it("is kept when nothing changed, and leaves nothing beside it", () => {
    layOut(planBuild(inputs()), "context");
    const before = fs.statSync("context").ino;
    layOut(planBuild(inputs()), "context");
    expect(fs.statSync("context").ino).toBe(before);
    expect(fs.readdirSync(".").sort()).toEqual(["context", "context.tag", "scoring", "server"]);
  });

  it("is made anew when something changed, without what is gone", () => {
    write({ "server/scoring_server/old.py": "" });
    layOut(planBuild(inputs()), "context");
    fs.rmSync("server/scoring_server/old.py");
    write({ "server/scoring_server/new.py": "" });
    layOut(planBuild(inputs()), "context");
    expect(fs.existsSync("context/server/scoring_server/old.py")).toBe(false);
    expect(fs.existsSync("context/server/scoring_server/new.py")).toBe(true);
  });

  it("is made anew when it was removed, or cut off before it was complete", () => {
    const plan = planBuild(inputs());
    layOut(plan, "context");
    fs.rmSync("context", { recursive: true });
    layOut(plan, "context");
    expect(fs.existsSync("context/Dockerfile")).toBe(true);
    fs.rmSync("context.tag");
    fs.rmSync("context/Dockerfile");
    layOut(plan, "context");
    expect(fs.existsSync("context/Dockerfile")).toBe(true);
  });

  it("is not changed by an edit of the source in place, which makes another tag", () => {
    const plan = planBuild(inputs());
    layOut(plan, "context");
    write({ "scoring/model.pkl": "another model" });
    const changed = planBuild(inputs());
    layOut(changed, "context");
    expect(changed.tag).not.toBe(plan.tag);
    expect(fs.readFileSync("context/models/best_model/1/model.pkl", "utf8")).toBe("another model");
  });
});
