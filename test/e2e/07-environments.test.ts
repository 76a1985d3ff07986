import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { shownAddresses } from "../../sandbox/host/network";
import { sandboxLogs } from "../support/logs";
import { PackageServer } from "../support/packageServer";
import { PackagesProject, type PackagesAnswer } from "../support/packagesProject";
import { attempt, pulumi, run, type Finished } from "../support/sandbox";
import { firstAnswer } from "../support/scoring";
import { service } from "../support/services";
import { replaced, variant, type Values } from "../support/stackConfig";

const PASSWORD = randomBytes(12).toString("hex");
/** The password as it is written, and as it is sent. */
const SECRETS = [PASSWORD, Buffer.from(`tester:${PASSWORD}`).toString("base64").slice(0, 24)];
const UP = ["up", "--yes", "--skip-preview"];
/** XXH64 of the empty text and of "a", as its specification has them. */
const HASHES = ["ef46db3751d8e999", "d24ec4f1a98c6e5b"];
const VERSIONS = {
  azureml_aks_private: "1.0",
  own_folder: "1.0",
  own_git: "1.0",
  own_wheel: "1.0",
};

const project = new PackagesProject();
const server = new PackageServer(project.served, `tester:${PASSWORD}`);
let index = "";

const BOTH = ["of-channels", "of-map"];

/** Configuration with the project as two services, with packages of channels and by the map of equivalents. */
async function config(change: Values = {}, names = BOTH): Promise<readonly string[]> {
  const image = {
    entryScript: project.script,
    condaFile: project.condaFile,
    baseImage: "azureml-aks-sandbox/python:3.11",
    serverImage: "azureml-aks-sandbox/python:3.11",
  };
  const channels = [project.channel, `${index}/channel`];
  const optionalLibraries = ["libown-driver.so.1"];
  const packaged = (more: Values) => ({ models: ["best_model"], image: { ...image, ...more } });
  const made: Values = {
    "of-channels": packaged({ conda: { channels }, optionalLibraries, ...change }),
    "of-map": packaged({ conda: { packages: "pypi" } }),
  };
  const args = variant((sample) =>
    names.reduce(
      (values, name) => replaced(values, ["azureml-aks:services", name], made[name]),
      sample,
    ),
  );
  for (const name of names) {
    const key = `azureml-aks:services.${name}.image.credentials["${new URL(index).hostname}"]`;
    await pulumi("config", "set", "--secret", "--path", key, `tester:${PASSWORD}`, ...args);
  }
  return args;
}

async function answer(name: string): Promise<PackagesAnswer> {
  const response = await firstAnswer(await service(name), { data: ["", "a"] });
  expect(response.status).toBe(200);
  return (await response.json()) as PackagesAnswer;
}

/** The newest image of a service on this machine. */
async function imageOf(name: string): Promise<string> {
  const images = await run("docker", ["images", "--format", "{{.Repository}}:{{.Tag}}"]);
  const image = images.split("\n").find((line) => line.includes(`/${name}:`));
  if (image === undefined) throw new Error(`no image ${name} among\n${images}`);
  return image;
}

/** What a command in a service's image prints. */
async function inImage(name: string, ...command: readonly string[]): Promise<string> {
  const [entry = "", ...args] = command;
  const image = await imageOf(name);
  return run("docker", ["run", "--rm", "--entrypoint", entry, image, ...args]);
}

function tryUp(args: readonly string[]): Promise<Finished> {
  return attempt("pulumi", [...UP, "--non-interactive", "--stack", "sandbox", ...args]);
}

let deployed = "";

beforeAll(async () => {
  await project.makePackages();
  // The address of this machine that a container sees.
  const shown = await run("ip", ["-4", "-json", "address", "show", "dev", "docker0"]);
  const [address = ""] = shownAddresses(shown);
  index = await server.listen(address.replace(/\/\d+$/, ""));
  project.writeFiles(index);
  deployed = await pulumi(...UP, ...(await config()));
});

afterAll(async () => {
  try {
    await pulumi(...UP);
  } finally {
    await server.close();
    project.remove();
  }
});

it("installs packages of a channel in a folder and of a private one, with a native library", async () => {
  expect(await answer("of-channels")).toEqual({
    hashes: HASHES,
    libraries: ["/opt/environment/lib/libxxhash.so.0"],
    versions: VERSIONS,
  });
  const records = await inImage("of-channels", "ls", "/opt/environment/conda-meta");
  expect(records).toMatch(/^python-3\.11\.\d+-0\.json$/m);
  expect(records).toContain("xxhash-0.8.1-0.json");
  expect(records).toContain("toolz-1.2.0-py_0.json");
});

it("installs the same file without a channel, by the map of equivalents", async () => {
  const { hashes, libraries, versions } = await answer("of-map");
  expect({ hashes, versions }).toEqual({ hashes: HASHES, versions: VERSIONS });
  const [library] = libraries;
  expect(library).toMatch(/^\/opt\/environment\/lib\/python3\.11\/site-packages\/xxhash\/.*\.so$/);
  expect(await inImage("of-map", "ls", "/opt/environment")).not.toContain("conda-meta");
});

it("adds the Debian package of a library that a package needs", async () => {
  expect(await inImage("of-channels", "cat", "/opt/scoring/debian-packages")).toBe("libgomp1");
  const needs = await inImage("of-channels", "ldd", "/opt/environment/lib/libxxhash_parallel.so");
  expect(needs).toMatch(/libgomp\.so\.1 => \/\S+/);
});

it("stops the build where nothing brings a library, and names what to do", async () => {
  const { code, output } = await tryUp(await config({ optionalLibraries: [] }));
  expect(code).not.toBe(0);
  expect(output).toContain(
    "libown-driver.so.1 is missing, which xxhash needs (/opt/environment/lib/libxxhash_gpu.so): " +
      "add the Debian package that brings it to image.systemPackages, or the library to " +
      "image.optionalLibraries if the script does without",
  );
  expect((await answer("of-channels")).hashes).toEqual(HASHES);
});

/** Whether a text lies in any layer of an image, or in its history. */
async function isInImage(name: string, text: string): Promise<boolean> {
  const image = await imageOf(name);
  const saved = await attempt("sh", [
    "-c",
    'docker save "$1" | grep -aqF -e "$2"',
    "-",
    image,
    text,
  ]);
  const history = await run("docker", ["history", "--no-trunc", image]);
  return saved.code === 0 || history.includes(text);
}

it.each(BOTH)("keeps credentials out of the image of %s", async (name) => {
  expect(await isInImage(name, "azureml_aks_private, own_folder")).toBe(true);
  for (const secret of SECRETS) expect(await isInImage(name, secret)).toBe(false);
});

it("keeps credentials out of state and logs", async () => {
  expect((await fetch(`${index}/simple/`)).status).toBe(401);
  const logs = sandboxLogs().map((file) => fs.readFileSync(file, "utf8"));
  const texts = [deployed, await pulumi("stack", "export"), ...logs];
  expect(texts.length).toBeGreaterThan(5);
  for (const secret of SECRETS) expect(texts.some((text) => text.includes(secret))).toBe(false);
});

describe("a lock", () => {
  let args: readonly string[] = [];

  // A lock is for one way to make the environment.
  beforeAll(async () => {
    args = await config({}, ["of-channels"]);
  });

  function tryLock([, file = ""]: readonly string[]): Promise<Finished> {
    // The command takes the selected stack and its file, which these stand for.
    const env = { PULUMI_OPTION_STACK: "sandbox", PULUMI_OPTION_CONFIG_FILE: file };
    return attempt("npm", ["run", "--silent", "lock", "--", project.condaFile], { env });
  }

  async function lock(): Promise<string> {
    const { code, output } = await tryLock(args);
    expect(output.endsWith(`wrote ${project.lock}\n`)).toBe(true);
    expect(code).toBe(0);
    for (const secret of SECRETS) expect(output).not.toContain(secret);
    return fs.readFileSync(project.lock, "utf8");
  }

  it("has the exact packages of every kind, and the same bytes each time", async () => {
    const first = await lock();
    expect(first).toContain("/channels/0/noarch/python-xxhash-4.1.0-py_0.tar.bz2");
    expect(first).toContain(`${index}/channel/noarch/toolz-1.2.0-py_0.tar.bz2`);
    expect(first).toMatch(/^- azureml[-_]aks[-_]private==1\.0 --hash=sha256:[0-9a-f]{64}$/m);
    expect(first).toMatch(/^- own_git @ git\+http:.*own-git\.git@[0-9a-f]{40}$/m);
    expect(first).toMatch(/^- own_folder @ file:.*own-folder$/m);
    expect(first).toMatch(/^- own_wheel @ file:.*\.whl$/m);
    for (const secret of SECRETS) expect(first).not.toContain(secret);
    const asked = server.requests;
    expect(await lock()).toBe(first);
    // The second one looked again, and did not take what Docker has kept of the first.
    expect(server.requests).toBeGreaterThan(asked);
  });

  it("decides what is installed, whatever the index has by then", async () => {
    const unlocked = await imageOf("of-channels");
    project.publishNewerVersion();
    await pulumi(...UP, ...args);
    expect(await answer("of-channels")).toMatchObject({ hashes: HASHES, versions: VERSIONS });
    expect(await imageOf("of-channels")).not.toBe(unlocked);
  });

  it("is refused by the preview once the conda file has changed, with the command that renews it", async () => {
    fs.appendFileSync(project.condaFile, "# changed\n");
    const command = ["preview", "--non-interactive", "--stack", "sandbox", ...args];
    const { code, output } = await attempt("pulumi", command);
    expect(code).not.toBe(0);
    expect(output).toContain(`has the lock "${project.lock}", which was made from something else`);
    expect(output).toContain(`run \`npm run lock -- ${project.condaFile}\`, or remove the lock`);
  });

  it("is not made from a channel that cannot be read, which one line says", async () => {
    const before = fs.readFileSync(project.lock, "utf8");
    const unreachable = { conda: { channels: [`http://${new URL(index).hostname}:1/none`] } };
    const { code, output } = await tryLock(await config(unreachable, ["of-channels"]));
    expect(code).toBe(1);
    expect(output.trim().split("\n").at(-1)).toMatch(
      /^npm run lock: conda cannot read the channels none: .*: correct the conda file, or conda/,
    );
    expect(fs.readFileSync(project.lock, "utf8")).toBe(before);
  });
});
