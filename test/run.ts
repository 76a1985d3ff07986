import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Outcome of a stage, in single tests. */
interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** One part of the test run. */
interface Stage {
  /** Word that chooses the stage on the command line. */
  readonly name: string;
  readonly title: string;
  readonly run: () => Count;
  /** Run only when it is named. */
  readonly isOptional?: boolean;
}

const NONE: Count = { passed: 0, failed: 0, skipped: 0 };
const results = fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-test-"));

function execute(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: "inherit" }).status === 0;
}

/** A stage that either holds or not, such as the type check. */
function check(command: string, args: readonly string[]): Count {
  return execute(command, args) ? { ...NONE, passed: 1 } : { ...NONE, failed: 1 };
}

/** The tests of a project of jest.config.js; those that share a machine's ports and cluster go one by one. */
function jest(project: string, workers: string): Count {
  const report = path.join(results, `${project}.json`);
  const ok = execute("jest", [
    `--maxWorkers=${workers}`,
    "--selectProjects",
    project,
    "--json",
    `--outputFile=${report}`,
  ]);
  // A run that dies before it reports has failed, however many tests had passed.
  if (!fs.existsSync(report)) return { ...NONE, failed: 1 };
  const numbers = JSON.parse(fs.readFileSync(report, "utf8")) as Readonly<Record<string, number>>;
  const failed = (numbers.numFailedTests ?? 0) + (numbers.numRuntimeErrorTestSuites ?? 0);
  return {
    passed: numbers.numPassedTests ?? 0,
    failed: ok ? failed : Math.max(failed, 1),
    skipped: numbers.numPendingTests ?? 0,
  };
}

/** Status of `server/test` where the machine lacks the Python that is asked for. */
const NO_PYTHON = 77;

/** The tests that a script starts with pytest; the name is that of their report. */
function pytest(name: string, script: string, ...options: readonly string[]): Count {
  const report = path.join(results, `${name}.xml`);
  const args = [script, ...options, `--junit-xml=${report}`];
  const { status } = spawnSync("sh", args, { stdio: "inherit" });
  if (status === NO_PYTHON) return skip("this machine lacks that Python");
  const ok = status === 0;
  if (!fs.existsSync(report)) return { ...NONE, failed: 1 };
  const suite = /<testsuite [^>]*>/.exec(fs.readFileSync(report, "utf8"))?.[0] ?? "";
  const number = (name: string) => Number(new RegExp(`${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = number("failures") + number("errors");
  return {
    passed: number("tests") - failed - number("skipped"),
    failed: ok ? failed : Math.max(failed, 1),
    skipped: number("skipped"),
  };
}

function skip(reason: string): Count {
  console.log(`These tests are skipped: ${reason}.`);
  return { ...NONE, skipped: 1 };
}

/** Why the end-to-end tests cannot run here; undefined when they can. */
function obstacle(): string | undefined {
  if (process.platform !== "linux") return `they need Linux, this is ${process.platform}`;
  if (process.getuid?.() !== 0) return "they start Docker and Kubernetes, which needs root";
  return undefined;
}

/** Tests that need what the sandbox installs, so they come after it. */
function inSandbox(project: string): Count {
  const reason = obstacle();
  if (reason === undefined) return jest(project, "1");
  // In CI a skipped life cycle would be a hole that nobody sees.
  return process.env.CI === "true" ? { ...NONE, failed: 1 } : skip(reason);
}

const stages: readonly Stage[] = [
  { name: "types", title: "types", run: () => check("tsc", ["--noEmit"]) },
  { name: "lint", title: "lint", run: () => check("npm", ["run", "--silent", "lint"]) },
  {
    name: "scripts",
    title: "shell scripts",
    run: () => check("npm", ["run", "--silent", "lint:scripts"]),
  },
  {
    name: "workflows",
    title: "workflows",
    run: () => check("npm", ["run", "--silent", "lint:workflows"]),
  },
  { name: "unit", title: "unit tests", run: () => jest("unit", "100%") },
  { name: "python", title: "Python tests", run: () => pytest("python", "server/test") },
  ...["3.8", "3.9"].map((version) => ({
    name: `python${version}`,
    title: `tests of the worker on Python ${version}`,
    run: () => pytest(`python${version}`, "server/test", "--worker", version),
  })),
  {
    name: "contract",
    title: "scripts on Azure ML's server and ours",
    run: () => pytest("contract", "server/contract/run"),
  },
  { name: "e2e", title: "end-to-end tests", run: () => inSandbox("e2e") },
  { name: "emulator", title: "emulator tests", run: () => inSandbox("emulator") },
  {
    name: "witness",
    title: "life cycle on the kubernetes plugin itself",
    run: () => inSandbox("witness"),
    isOptional: true,
  },
];

/**
 * The stages to run, in the order in which they build on each other: those that are named, or all but the optional ones.
 *
 * @throws Error when a name is unknown.
 */
function chosen(names: readonly string[]): readonly Stage[] {
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (unknown.length > 0) {
    const known = stages.map(({ name }) => name).join(", ");
    throw new Error(`there is no stage ${unknown.join(", ")}; the stages are ${known}`);
  }
  return stages.filter(({ name, isOptional }) =>
    names.length === 0 ? isOptional !== true : names.includes(name),
  );
}

/** Runs stages and sums them up; they go on after a failure, so that a run shows all of them. */
function main(names: readonly string[]): void {
  const outcomes = chosen(names).map(({ title, run }) => {
    console.log(`\n== ${title}`);
    const start = Date.now();
    const count = run();
    return { title, count, seconds: Math.round((Date.now() - start) / 1000) };
  });
  console.log("");
  for (const { title, count, seconds } of outcomes) {
    console.log(`${title}: ${count.passed} passed, ${count.failed} failed (${seconds} s)`);
  }
  const sum = (key: keyof Count) => outcomes.reduce((total, { count }) => total + count[key], 0);
  const skipped = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
  console.log(`${sum("passed")} passed, ${sum("failed")} failed${skipped}`);
  process.exitCode = sum("failed") > 0 ? 1 : 0;
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`test/run: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
