import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as semver from "semver";

const ROOT = path.resolve(__dirname, "../../..");
const SCRIPT = path.join(ROOT, "tools/with-node");
const MANIFEST = fs.readFileSync(path.join(ROOT, "package.json"), "utf8");
const RANGE = (JSON.parse(MANIFEST) as { readonly engines: { readonly node: string } }).engines
  .node;
/** The oldest release that the project accepts, and what it is called in messages. */
const OLDEST = semver.minVersion(RANGE) ?? new semver.SemVer("0.0.0");
const OLDEST_TEXT = RANGE.replace(">=", "");
const TOO_OLD = ["20.20.2", `${OLDEST.major}.${OLDEST.minor - 1}.9`];
const RECENT_ENOUGH = [OLDEST.version, `${OLDEST.major}.${OLDEST.minor + 1}.0`, "99.0.0"];
const PINNED = fs.readFileSync(path.join(ROOT, ".node-version"), "utf8").trim();
const PACKAGE = `node-${process.platform}-${process.arch}`;

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-with-node-"));
const project = path.join(folder, "project");
const cache = path.join(folder, "cache");
const calls = path.join(folder, "npm-calls");
afterAll(() => fs.rmSync(folder, { recursive: true }));

function executable(file: string, lines: readonly string[]): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, `#!/bin/sh\n${lines.join("\n")}\n`, { mode: 0o755 });
}

/** The real Node.js, which says that it is another release. */
function nodeOf(version: string): readonly string[] {
  const disguise = path.join(folder, `is-${version}.js`);
  const text = JSON.stringify(version);
  fs.writeFileSync(
    disguise,
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: ${text} } });`,
  );
  return [
    `case "$1" in -v | --version) echo v${version} ;; *) exec "${process.execPath}" -r "${disguise}" "$@" ;; esac`,
  ];
}

/** An npm that notes its calls and "installs" the pinned release, or fails. */
function npm(outcome: "works" | "fails"): readonly string[] {
  const source = path.join(folder, "pinned-node");
  executable(source, nodeOf(PINNED));
  const target = `"$PWD/node_modules/${PACKAGE}/bin"`;
  return [
    `echo "$@" >> "${calls}"`,
    ...(outcome === "fails" ? ["exit 1"] : []),
    `[ "$1" = ci ] || { mkdir -p ${target} && cp "${source}" ${target}/node; }`,
  ];
}

/** A machine with this Node.js and npm, and nothing else of that kind on PATH. */
function onMachine(version: string, outcome: "works" | "fails" | "is missing" = "works") {
  const bin = fs.mkdtempSync(path.join(folder, "bin-"));
  executable(path.join(bin, "node"), nodeOf(version));
  if (outcome !== "is missing") executable(path.join(bin, "npm"), npm(outcome));
  for (const tool of ["sh", "sed", "dirname", "mkdir", "mktemp", "cat", "rm", "mv", "cp"]) {
    const found = spawnSync("sh", ["-c", `command -v ${tool}`], { encoding: "utf8" });
    fs.symlinkSync(found.stdout.trim(), path.join(bin, tool));
  }
  const command = ["tools/with-node", "node", "-p", "process.versions.node"];
  const env = { PATH: bin, XDG_CACHE_HOME: cache, HOME: folder };
  const { status, stdout, stderr } = spawnSync(path.join(bin, "sh"), command, {
    cwd: project,
    env,
    encoding: "utf8",
  });
  return { status, version: stdout.trim(), stderr };
}

function npmCalls(): readonly string[] {
  return fs.existsSync(calls) ? fs.readFileSync(calls, "utf8").trim().split("\n") : [];
}

function writeLock(file: string, release: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const packages = { "node_modules/some": { version: release } };
  fs.writeFileSync(file, JSON.stringify({ packages }));
}

beforeEach(() => {
  for (const left of [project, cache, calls]) fs.rmSync(left, { recursive: true, force: true });
  fs.mkdirSync(path.join(project, "tools"), { recursive: true });
  fs.copyFileSync(SCRIPT, path.join(project, "tools/with-node"));
  fs.writeFileSync(path.join(project, "package.json"), MANIFEST);
  fs.writeFileSync(path.join(project, ".node-version"), `${PINNED}\n`);
  writeLock(path.join(project, "package-lock.json"), "1.0.0");
  writeLock(path.join(project, "node_modules/.package-lock.json"), "1.0.0");
});

it.each(RECENT_ENOUGH)("uses Node.js %s of the machine as it is", (version) => {
  expect(onMachine(version)).toEqual({ status: 0, version, stderr: "" });
  expect(npmCalls()).toEqual([]);
});

it.each(TOO_OLD)("brings the pinned release where the machine has %s", (version) => {
  const first = onMachine(version);
  expect(first).toMatchObject({ status: 0, version: PINNED });
  expect(first.stderr).toBe(
    `… Node.js ${PINNED} from npm into ${cache}/azureml-aks/node-${PINNED} (this machine has v${version})\n`,
  );
  expect(npmCalls()).toEqual([expect.stringContaining(`${PACKAGE}@${PINNED}`)]);
});

it("brings it once, and leaves nothing else in the cache", () => {
  onMachine("20.20.2");
  expect(onMachine("20.20.2")).toEqual({ status: 0, version: PINNED, stderr: "" });
  expect(npmCalls()).toHaveLength(1);
  expect(fs.readdirSync(path.join(cache, "azureml-aks"))).toEqual([`node-${PINNED}`]);
});

it("says which release to install where npm cannot bring one", () => {
  const { status, stderr } = onMachine("20.20.2", "fails");
  expect(status).toBe(1);
  expect(stderr).toContain(
    `azureml-aks: npm has no Node.js ${PINNED} for this machine (${PACKAGE}). Install Node.js ${OLDEST_TEXT} or newer.`,
  );
  expect(fs.readdirSync(path.join(cache, "azureml-aks"))).toEqual([]);
});

it("says in one line that npm is missing", () => {
  expect(onMachine(PINNED, "is missing")).toEqual({
    status: 1,
    version: "",
    stderr: `azureml-aks: Node.js with npm is missing. Install Node.js ${OLDEST_TEXT} or newer.\n`,
  });
});

it("installs the npm packages when one is missing or of another release than the lock file says", () => {
  writeLock(path.join(project, "package-lock.json"), "1.0.1");
  expect(onMachine(PINNED).stderr).toBe("… npm ci\n");
  fs.rmSync(path.join(project, "node_modules"), { recursive: true });
  onMachine(PINNED);
  expect(npmCalls()).toEqual([
    expect.stringMatching(/^ci /) as string,
    expect.stringMatching(/^ci /) as string,
  ]);
});
