import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { BASE_IMAGE } from "../../sandbox/docker/baseImage";
import { ROOT, run } from "./sandbox";

/** Where the stage `build` of the sample's image is laid out. */
const CONTEXTS = path.join(ROOT, ".build/contexts");

/** The build context of an image of this stack: its stages that make environments are all alike. */
function anyContext(): string {
  const [tag = ""] = fs.readdirSync(CONTEXTS).filter((entry) => !entry.includes("."));
  return path.join(CONTEXTS, tag);
}

/** What a client gets from the project's script. */
export interface PackagesAnswer {
  /** Hash of each text of the request. */
  readonly hashes: readonly string[];
  /** Files of the environment that hold the hash function, as the process has loaded them. */
  readonly libraries: readonly string[];
  /** Versions of what pip installed, by module. */
  readonly versions: Readonly<Record<string, string>>;
}

const SCRIPT = `
import json

import azureml_aks_private
import own_folder
import own_git
import own_wheel
import toolz
import xxhash

MODULES = (azureml_aks_private, own_folder, own_git, own_wheel)


def init():
    pass


def run(raw_data):
    texts = json.loads(raw_data)
    assert toolz.first(texts) == texts[0]
    with open("/proc/self/maps") as maps:
        files = {line.split()[-1] for line in maps if "xxhash" in line}
    return {
        "hashes": [xxhash.xxh64_hexdigest(text.encode()) for text in texts],
        "libraries": sorted(files),
        "versions": {module.__name__: module.VERSION for module in MODULES},
    }
`;

/** A conda file with packages of channels, whose equivalents are on PyPI, and each kind of pip's lines. */
function condaFile(index: string): string {
  const { hostname, host } = new URL(index);
  return `
name: hashes
channels: [conda-forge]
dependencies:
  - python=3.11
  - python-xxhash=4.1
  - toolz=1.2
  - pip:
      - --extra-index-url http://${host}/simple
      - --trusted-host ${hostname}
      - -r requirements.txt
      - ./dist/own_wheel-1.0-py3-none-any.whl
      - ./own-folder
      - git+http://${host}/own-git.git
`;
}

function project(name: string): Readonly<Record<string, string>> {
  const table = `[project]\nname = "${name}"\nversion = "1.0"\n`;
  return {
    "pyproject.toml": `${table}\n[tool.setuptools]\npy-modules = ["${name}"]\n`,
    [`${name}.py`]: 'VERSION = "1.0"\n',
  };
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  fs.mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), text);
  }
}

/** A user's project whose packages come from everywhere: `project/score.py` and `project/hashes.yml`. */
export class PackagesProject {
  readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-packages-"));
  /** What a server of packages has: `simple` for pip, `channel` for conda, `own-git.git`. */
  readonly served = path.join(this.folder, "served");
  /** A channel that is a folder. */
  readonly channel = path.join(this.folder, "channel");
  readonly script = path.join(this.folder, "project/score.py");
  readonly condaFile = path.join(this.folder, "project/hashes.yml");
  readonly lock = path.join(this.folder, "project/hashes.lock");

  /** Makes packages and repository; the stage of the sample's image that makes them is in the cache. */
  async makePackages(): Promise<void> {
    const image = "azureml-aks-packages";
    const bases = ["BASE_IMAGE", "SERVER_IMAGE"].map((name) => `--build-arg=${name}=${BASE_IMAGE}`);
    const platform = ["--platform", "linux/amd64"];
    const build = ["build", "--target=build", ...platform, ...bases, "-t", image, anyContext()];
    await run("docker", build);
    const tests = `${path.join(ROOT, "server/tests")}:/tests:ro`;
    const script = ["/build/tools/bin/python", "-B", "/tests/make_packages.py", "/out"];
    await run("docker", [
      "run",
      "--rm",
      "-v",
      tests,
      "-v",
      `${this.folder}:/out`,
      image,
      ...script,
    ]);
    await this.makeRepository();
  }

  /** Writes the user's files for an index at an address. */
  writeFiles(index: string): void {
    write(path.join(this.folder, "project"), {
      "score.py": SCRIPT,
      "hashes.yml": condaFile(index),
      "requirements.txt": "azureml-defaults\nazureml-aks-private >=1\n",
    });
    write(path.join(this.folder, "project/own-folder"), project("own_folder"));
  }

  /** Puts a newer version of the private package into the index. */
  publishNewerVersion(): void {
    const index = path.join(this.served, "simple/azureml-aks-private");
    fs.cpSync(path.join(this.folder, "later"), index, { recursive: true });
  }

  remove(): void {
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private async makeRepository(): Promise<void> {
    const sources = path.join(this.folder, "own-git");
    write(sources, project("own_git"));
    const bare = path.join(this.served, "own-git.git");
    const author = ["-c", "user.name=Tests", "-c", "user.email=tests@example.com"];
    await run("git", ["init", "--quiet", sources]);
    await run("git", ["-C", sources, "add", "."]);
    await run("git", ["-C", sources, ...author, "commit", "--quiet", "-m", "Version 1.0"]);
    await run("git", ["clone", "--quiet", "--bare", sources, bare]);
    // For a server that knows nothing of git.
    await run("git", ["-C", bare, "update-server-info"]);
  }
}
