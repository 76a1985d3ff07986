import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { read, service } from "../../support/configuration";
import { LockError } from "../../../tools/lockedEnvironment";
import { writeLock } from "../../../tools/writeLock";
import { inFolderWith, SAMPLE_PROJECT, write } from "../../support/folder";

const ROOT = path.resolve(__dirname, "../../..");
const FILE = "scoring/myenv.yml";
const LOCK = "scoring/myenv.lock";
const INSTALLED = "conda: ''\npip:\n- six==1.17.0 --hash=sha256:00\n";
const CREDENTIALS = { "feed.example": "name:password" };

/** Answers the calls of the command and refuses all others; notes what it was called with. */
const DOCKER = `#!/bin/sh
echo "$*" >> calls
case "$1" in
  version) exec /bin/sh -c "$(/bin/cat version)" ;;
  build) /usr/bin/env | /bin/grep -E '^(CREDENTIALS|LOCK_TIME)=' >> variables; exec /bin/sh -c "$(/bin/cat build)" ;;
  create) echo container-1 ;;
  cp) /bin/cp installed "$3" ;;
  rm | image) ;;
  *) exit 9 ;;
esac
`;

/** Shows the configuration of the one stack that there is. */
const PULUMI = `#!/bin/sh
[ "$*" = "config --show-secrets --json" ] || exit 9
[ -f stack.json ] && exec /bin/cat stack.json
echo "error: no stack selected" >&2
exit 1
`;

function program(name: string, text: string): void {
  fs.mkdirSync("bin", { recursive: true });
  fs.writeFileSync(`bin/${name}`, text, { mode: 0o755 });
}

function stackHas(image: Readonly<Record<string, unknown>>): void {
  const values = {
    workspace: { mode: "new", name: "diabetes" },
    cluster: { mode: "create", name: "aml-aks-1" },
    models: { best_model: { path: "scoring/model.pkl" } },
    services: { "aks-service-1": service({}, image) },
  };
  const shown = Object.entries(values).map(([key, objectValue]) => [
    `azureml-aks:${key}`,
    { value: JSON.stringify(objectValue), objectValue },
  ]);
  fs.writeFileSync("stack.json", JSON.stringify(Object.fromEntries(shown)));
}

inFolderWith(SAMPLE_PROJECT);

beforeEach(() => {
  write({ "Pulumi.yaml": "name: azureml-aks\n" });
  program("docker", DOCKER);
  program("pulumi", PULUMI);
  stackHas({ credentials: CREDENTIALS });
  write({ installed: INSTALLED, version: "true", build: "true" });
});

const given = { path: process.env.PATH, host: process.env.DOCKER_HOST };
let shown = "";

beforeEach(() => {
  process.env.PATH = path.resolve("bin");
  delete process.env.DOCKER_HOST;
  shown = "";
  jest.spyOn(process.stderr, "write").mockImplementation((text) => {
    shown += String(text);
    return true;
  });
});

afterEach(() => {
  process.env.PATH = given.path;
  if (given.host !== undefined) process.env.DOCKER_HOST = given.host;
  jest.restoreAllMocks();
});

/** Faults of the preview with the files as they are now. */
const faults = () => read({ services: { "aks-service-1": service() } }).faults;

describe("npm run lock", () => {
  it("writes what the build installed beside the conda file, for the preview to take", async () => {
    expect(await writeLock(FILE)).toBe(LOCK);
    const text = fs.readFileSync(LOCK, "utf8");
    expect(text).toMatch(/^# Exact packages of myenv\.yml; `npm run lock -- scoring\/myenv\.yml`/);
    expect(text).toMatch(/^inputs: [0-9a-f]{64}$/m);
    expect(text.endsWith(INSTALLED)).toBe(true);
    expect(faults()).toEqual([]);
  });

  it("writes the same bytes the second time, whatever the first lock says", async () => {
    await writeLock(FILE);
    const first = fs.readFileSync(LOCK, "utf8");
    fs.appendFileSync(LOCK, "- seven==7\n");
    await writeLock(FILE);
    expect(fs.readFileSync(LOCK, "utf8")).toBe(first);
    expect(fs.readdirSync("scoring").sort()).toEqual([
      "model.pkl",
      "myenv.lock",
      "myenv.yml",
      "score.py",
    ]);
  });

  it("makes a lock that a changed conda file makes stale, which the command renews", async () => {
    await writeLock(FILE);
    fs.appendFileSync(FILE, "  - pandas\n");
    expect(faults()).toMatchObject([
      {
        rule: expect.stringContaining(`has the lock "${LOCK}"`) as unknown,
        remedy: `run \`npm run lock -- ${FILE}\`, or remove the lock`,
      },
    ]);
    await writeLock(FILE);
    expect(faults()).toEqual([]);
  });

  it("asks for what there is now, although Docker has built the same before", async () => {
    await writeLock(FILE);
    await writeLock(FILE);
    const variables = fs.readFileSync("variables", "utf8");
    const times = [...variables.matchAll(/^LOCK_TIME=(.+)$/gm)].map(([, time]) => time);
    expect(new Set(times).size).toBe(2);
    const dockerfile = fs.readFileSync(path.join(ROOT, "server/Dockerfile"), "utf8");
    const stage = /AS environment\n.*?\nFROM /s.exec(dockerfile)?.[0] ?? "";
    expect(stage).toMatch(/ARG LOCK_TIME=""\nRUN .*conda_environment install/s);
  });

  it("passes credentials by variables alone, and keeps no image that has them", async () => {
    await writeLock(FILE);
    expect(shown).not.toContain("password");
    const variables = fs.readFileSync("variables", "utf8");
    expect(variables).toContain(`CREDENTIALS=${JSON.stringify(CREDENTIALS)}`);
    const calls = fs.readFileSync("calls", "utf8");
    expect(calls).not.toContain("password");
    expect(calls).toMatch(/^rm container-1\nimage rm --no-prune azureml-aks-lock\n$/m);
    expect(fs.readFileSync(LOCK, "utf8")).not.toContain("password");
  });
});

describe("an error of npm run lock", () => {
  const missing = (name: string) => fs.rmSync(`bin/${name}`);

  it.each<[string, () => void, string | undefined, string]>([
    [
      "no file",
      () => undefined,
      undefined,
      "name a conda file, as in `npm run lock -- scoring/myenv.yml`",
    ],
    [
      "a file that is not there",
      () => undefined,
      "scoring/none.yml",
      "there is no scoring/none.yml: name a conda file, as in `npm run lock -- scoring/myenv.yml`",
    ],
    [
      "a file that no service has",
      () => write({ "other.yml": "dependencies: [python]" }),
      "other.yml",
      "no service of the selected stack has other.yml: select its stack, or name the file as image.condaFile of a service",
    ],
    [
      "no selected stack",
      () => fs.rmSync("stack.json"),
      FILE,
      "pulumi shows no configuration (error: no stack selected): select a stack by `pulumi stack select`",
    ],
    [
      "no pulumi",
      () => missing("pulumi"),
      FILE,
      "there is no pulumi: install it and put it on PATH",
    ],
    [
      "no docker client",
      () => missing("docker"),
      FILE,
      "there is no docker client: install Docker and put it on PATH",
    ],
    [
      "no Docker engine",
      () => write({ version: "exit 1" }),
      FILE,
      "no Docker engine answers at the default address: start Docker or set DOCKER_HOST",
    ],
  ])("is one line with a remedy: %s", async (_, prepare, file, message) => {
    prepare();
    await expect(writeLock(file)).rejects.toThrow(new LockError(message));
    expect(shown).toBe("");
    expect(fs.existsSync(LOCK)).toBe(false);
  });

  it.each([
    [
      "echo 'environment: conda cannot read the channel a: no route'; echo 'returned a non-zero code: 1' >&2; exit 1",
      "conda cannot read the channel a: no route: correct the conda file, or conda and credentials of the service's image",
    ],
    [
      "echo Step 1; echo 'no space left on device' >&2; exit 1",
      "the build failed, see above what to correct: no space left on device",
    ],
  ])("ends a build that fails with the one line that says why: %s", async (build, message) => {
    write({ build, [LOCK]: "an old lock" });
    await expect(writeLock(FILE)).rejects.toThrow(new LockError(message));
    expect(shown).toContain(build.includes("Step 1") ? "Step 1\n" : "no route\n");
    // The lock that there was stays.
    expect(fs.readFileSync(LOCK, "utf8")).toBe("an old lock");
    expect(fs.existsSync(`${LOCK}.old`)).toBe(false);
  });

  it("names every fault of a configuration that the preview would refuse", async () => {
    stackHas({ entryScript: "scoring/none.py", condaFile: FILE, credentials: "wrong" });
    const fault = writeLock(FILE);
    await expect(fault).rejects.toThrow("2 problems in the configuration");
    await expect(fault).rejects.toThrow("image.entryScript");
    await expect(fault).rejects.toThrow("image.credentials");
  });

  it("shows no secret of the stack in a fault", async () => {
    stackHas({ name: "s3cret-value", entryScript: "scoring/none.py", credentials: CREDENTIALS });
    const stack = JSON.parse(fs.readFileSync("stack.json", "utf8")) as Record<string, object>;
    const key = "azureml-aks:services";
    const secret = { ...stack, [key]: { ...stack[key], secret: true } };
    fs.writeFileSync(
      "stack.json",
      JSON.stringify(secret).replaceAll("scoring/none.py", "s3cret.py"),
    );
    const fault = writeLock(FILE);
    await expect(fault).rejects.toThrow('image.entryScript = "[secret]"');
    await expect(fault).rejects.not.toThrow("s3cret");
  });

  it("is printed by the command, which then ends with 1", () => {
    const register = path.join(ROOT, "node_modules/sucrase/register");
    const args = ["-r", register, path.join(ROOT, "tools/lock.ts"), "scoring/none.yml"];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^npm run lock: there is no scoring\/none\.yml: name a conda file.*\n$/);
  });
});
