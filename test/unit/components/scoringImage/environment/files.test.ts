import * as fs from "node:fs";
import * as path from "node:path";
import { pathToFileURL } from "node:url";
import { builtImage, read, service } from "../../../../support/configuration";
import { inFolderWith, SAMPLE_PROJECT, write } from "../../../../support/folder";

type Values = Readonly<Record<string, unknown>>;

const IMAGE = "azureml-aks:services.aks-service-1.image";

inFolderWith(SAMPLE_PROJECT);

function image(dependencies: unknown, change: Values = {}, file: Values = {}) {
  write({ "scoring/myenv.yml": JSON.stringify({ dependencies, ...file }) });
  return read({ services: { "aks-service-1": service({}, change) } });
}

function filesOf(dependencies: unknown, change: Values = {}, file: Values = {}) {
  const { config, faults } = image(dependencies, change, file);
  expect(faults).toEqual([]);
  return builtImage(config).environment.files.map(({ name }) => name);
}

describe("files that the pip section names", () => {
  it("are none for packages of an index, URLs and options", () => {
    const pip = [
      "numpy==2.1",
      "--pre",
      "git+https://a.example/b.git",
      "own @ https://a.example/b.whl",
    ];
    expect(filesOf([{ pip }])).toEqual(["myenv.yml"]);
  });

  it.each([
    ["-r requirements.txt"],
    ["--requirement=requirements.txt"],
    ["-rrequirements.txt"],
    ["-c requirements.txt"],
  ])("enter the build: %j", (line) => {
    write({ "scoring/requirements.txt": "numpy\n" });
    expect(filesOf([{ pip: [line] }])).toEqual([
      "myenv.yml",
      "files/myenv.yml",
      "files/requirements.txt",
    ]);
  });

  it.each([
    "./dist/own-1.0-py3-none-any.whl",
    "dist/own-1.0-py3-none-any.whl",
    "-e ./dist[extra]",
    "own @ file:./dist",
  ])("may be wheels and folders: %j", (line) => {
    write({ "scoring/dist/own-1.0-py3-none-any.whl": "x" });
    expect(filesOf([{ pip: [line] }])).toContain("files/dist/own-1.0-py3-none-any.whl");
  });

  it("may name others, from their own folder, and packages from the conda file's", () => {
    write({
      "scoring/pins/all.txt": "# all\n-r more.txt\nsix \\\n  --hash=sha256:00\n./own.whl\n",
      "scoring/pins/more.txt": "numpy\n-r all.txt\n",
      "scoring/own.whl": "x",
    });
    expect(filesOf([{ pip: ["-r pins/all.txt"] }])).toEqual([
      "myenv.yml",
      "files/myenv.yml",
      "files/pins/all.txt",
      "files/pins/more.txt",
      "files/own.whl",
    ]);
  });

  it("include folders of wheels, beside the file that names them or the conda file", () => {
    write({
      "scoring/pins/all.txt": "-f wheels\n--find-links=dist\nown\n",
      "scoring/pins/wheels/own.whl": "x",
      "scoring/dist/other.whl": "x",
    });
    expect(filesOf([{ pip: ["-r pins/all.txt"] }])).toEqual([
      "myenv.yml",
      "files/myenv.yml",
      "files/pins/all.txt",
      "files/pins/wheels/own.whl",
      "files/dist/other.whl",
    ]);
  });

  it("may lie above the conda file", () => {
    write({ "requirements.txt": "./scoring/own.whl\n", "scoring/scoring/own.whl": "x" });
    expect(filesOf([{ pip: ["-r ../requirements.txt"] }])).toEqual([
      "myenv.yml",
      "files/_/myenv.yml",
      "files/requirements.txt",
      "files/_/scoring/own.whl",
    ]);
  });

  it.each([
    [
      "-r nowhere.txt",
      "nowhere.txt",
      'and there is no "scoring/nowhere.txt"',
      "fix the path, or make the file",
    ],
    [
      "./own.whl",
      "./own.whl",
      'and there is no "scoring/own.whl"',
      "fix the path, or make the file",
    ],
    [
      "/opt/own.whl",
      "/opt/own.whl",
      "which is on this machine alone",
      "write a path from the folder of the conda file",
    ],
  ])("must be there: %j", (line, named, why, remedy) => {
    expect(image([{ pip: [line] }]).faults).toEqual([
      {
        key: `${IMAGE}.condaFile`,
        value: "scoring/myenv.yml",
        rule: expect.stringContaining(`this one names "${named}" for pip, ${why}`) as unknown,
        remedy,
      },
    ]);
  });
});

describe("channels", () => {
  it("are those of the file, or of the configuration", () => {
    const channelsOf = (change: Values) =>
      builtImage(image(["numpy"], change, { channels: ["a", "nodefaults"] }).config).environment
        .channels;
    expect(channelsOf({})).toEqual(["a"]);
    expect(channelsOf({ conda: { channels: ["https://mirror.example/b"] } })).toEqual([
      "https://mirror.example/b",
    ]);
  });

  it("do not matter to a file whose packages are all pip's", () => {
    const { config } = image([{ pip: ["numpy"] }], {}, { channels: ["./nowhere"] });
    expect(builtImage(config).environment.channels).toEqual([]);
  });

  it("enter the build where they are folders", () => {
    write({ "channel/noarch/repodata.json": "{}", "channel/linux-64/own-1.0-0.conda": "x" });
    const url = pathToFileURL(path.resolve("channel")).href;
    for (const channel of ["./channel", path.resolve("channel"), url]) {
      expect(filesOf(["own"], { conda: { channels: [channel] } })).toEqual([
        "myenv.yml",
        "channels/0/linux-64/own-1.0-0.conda",
        "channels/0/noarch/repodata.json",
      ]);
    }
    const { config } = image(["own"], {}, { channels: ["conda-forge", "./channel"] });
    expect(builtImage(config).environment.channels).toEqual(["conda-forge", "./channels/1"]);
  });

  it("must have an index where they are folders", () => {
    fs.mkdirSync("channel");
    expect(image(["own"], { conda: { channels: ["./channel"] } }).faults).toMatchObject([
      {
        key: `${IMAGE}.condaFile`,
        rule: 'must ask for what can be installed; this one has the channel "./channel", where there is no noarch/repodata.json',
      },
    ]);
  });
});

describe("what cannot be served", () => {
  it("is a fault of the conda file, beside the other faults", () => {
    const { faults } = image(["nupmy"], { conda: { packages: "pypi" }, entryScript: undefined });
    expect(faults).toMatchObject([
      { key: `${IMAGE}.entryScript` },
      {
        key: `${IMAGE}.condaFile`,
        value: "scoring/myenv.yml",
        rule: 'must ask for what can be installed; this one asks for "nupmy", of which no equivalent on PyPI is known',
        remedy:
          'write "numpy" if you meant that, move the package to the `pip` section under its name on PyPI, or set image.conda.packages to channels',
      },
    ]);
  });

  it("includes another Python than the base image's, where its name says which it has", () => {
    const baseImage = "registry.example/python:3.11-own";
    expect(image(["python=3.12"], { baseImage }).faults).toMatchObject([
      {
        rule: 'must ask for what can be installed; this one asks for "python=3.12"; the base image has Python 3.11',
        remedy: "ask for python=3.11, or set image.baseImage to one with that Python",
      },
    ]);
    expect(image(["python=3.12"], { baseImage: "own:1" }).faults).toEqual([]);
    // A channel brings Python.
    expect(image(["python=3.12", "numpy"], { baseImage }).faults).toEqual([]);
  });

  it("is told from packages of a channel, which only the solver knows", () => {
    expect(image(["nupmy"]).faults).toEqual([]);
  });
});

describe("a lock beside the conda file", () => {
  const LOCK = "scoring/myenv.lock";
  const inputs = (change: Values = {}) =>
    builtImage(image(["numpy"], change).config).environment.inputs;

  it("enters the build where it is current", () => {
    write({ [LOCK]: `inputs: ${inputs()}\nconda: ''\npip: []\n` });
    expect(filesOf(["numpy"])).toEqual(["myenv.yml", "myenv.lock"]);
  });

  it.each<[string, Values]>([
    ["channels", { conda: { channels: ["other"] } }],
    ["the source of packages", { conda: { packages: "pypi" } }],
    ["the base image", { baseImage: "own:1" }],
  ])("is a fault where it was made for another value of %s", (_, change) => {
    write({ [LOCK]: `inputs: ${inputs()}\n` });
    expect(image(["numpy"], change).faults).toMatchObject([
      {
        key: `${IMAGE}.condaFile`,
        rule: 'must ask for what can be installed; this one has the lock "scoring/myenv.lock", which was made from something else',
        remedy: "run `npm run lock -- scoring/myenv.yml`, or remove the lock",
      },
    ]);
  });

  it.each(["", "a list", "- a", "inputs: [", "inputs: 5"])("is a fault where it is %j", (text) => {
    write({ [LOCK]: text });
    expect(image(["numpy"]).faults).toMatchObject([{ key: `${IMAGE}.condaFile` }]);
  });

  it("is a fault where the conda file changed, or a file that it names", () => {
    write({ "scoring/pins.txt": "six==1.16.0" });
    const dependencies = [{ pip: ["-r pins.txt"] }];
    const before = builtImage(image(dependencies).config).environment.inputs;
    write({ [LOCK]: `inputs: ${before}\n` });
    expect(image(dependencies).faults).toEqual([]);
    expect(image(["six", ...dependencies]).faults).toHaveLength(1);
    write({ "scoring/pins.txt": "six==1.17.0" });
    expect(image(dependencies).faults).toHaveLength(1);
  });
});

describe("credentials", () => {
  it("are taken by host", () => {
    const credentials = { "feed.example": "name:pass:word" };
    expect(builtImage(image(["numpy"], { credentials }).config).credentials).toEqual(credentials);
  });

  it.each([
    { "feed.example": "password" },
    { "https://feed.example": "name:password" },
    { "feed.example": 5 },
    "name:password",
    ["name:password"],
  ])("are shown in no fault: %j", (credentials) => {
    const { faults } = image(["numpy"], { credentials });
    expect(faults).toMatchObject([{ key: `${IMAGE}.credentials`, value: "[secret]" }]);
    expect(JSON.stringify(faults)).not.toMatch(/"[^"]*(name:password|"password")/);
  });
});
