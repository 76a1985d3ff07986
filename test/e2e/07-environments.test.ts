import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { sandboxLogs } from "../support/logs";
import { PackageServer } from "../support/packageServer";
import { PackagesProject, type PackagesAnswer } from "../support/packagesProject";
import { attempt, pulumi, run, type Finished } from "../support/sandbox";
import { send } from "../support/scoring";
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

/** Configuration with the project as two services, one with packages of channels and one without. */
async function config(change: Values = {}): Promise<readonly string[]> {
  const image = {
    entryScript: project.script,
    condaFile: project.condaFile,
    baseImage: "azureml-aks-sandbox/python:3.11",
    serverImage: "azureml-aks-sandbox/python:3.11",
  };
  const channels = [project.channel, `${index}/channel`];
  const optionalLibraries = ["libown-driver.so.1"];
  const packaged = (more: Values) => ({ models: ["best_model"], image: { ...image, ...more } });
  const args = variant((sample) => {
    const services = ["azureml-aks:services"];
    const ofChannel = packaged({ conda: { channels }, optionalLibraries, ...change });
    const both = replaced(sample, [...services, "of-channels"], ofChannel);
    return replaced(both, [...services, "of-map"], packaged({ conda: { packages: "pypi" } }));
  });
  for (const name of ["of-channels", "of-map"]) {
    const key = `azureml-aks:services.${name}.image.credentials["${new URL(index).hostname}"]`;
    await pulumi("config", "set", "--secret", "--path", key, `tester:${PASSWORD}`, ...args);
  }
  return args;
}

async function answer(name: string): Promise<PackagesAnswer> {
  const response = await send(await service(name), { data: ["", "a"] });
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
  const bridge = ["network", "inspect", "bridge", "--format", "{{(index .IPAM.Config 0).Gateway}}"];
  index = await server.listen((await run("docker", bridge)).trim());
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

it.each(["of-channels", "of-map"])("keeps credentials out of the image of %s", async (name) => {
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
