// Writes the lock of a conda file: the exact packages that its image gets from now on. The build's own
// stage `environment` finds them, so that a lock is what a build without one would install today.
//   npm run lock -- scoring/myenv.yml
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Entries } from "../components/config/entries";
import { Faults } from "../components/config/faults";
import { readProgramConfig, type ProgramConfig } from "../components/config/program";
import { layOut, PLATFORM, planBuild } from "../components/scoringImage/buildContext";
import type { BuiltImage } from "../components/scoringImage/config";
import { lockOf } from "../components/scoringImage/environment/lock";

const PROJECT = "azureml-aks";
const INSTALLED = "/build/environment/installed.lock";

interface Value {
  readonly value?: string;
  readonly objectValue?: unknown;
}

/** The configuration of the selected stack. */
function configuration(): ProgramConfig {
  const json = run("pulumi", ["config", "--show-secrets", "--json"]);
  const values = Object.entries(JSON.parse(json) as Readonly<Record<string, Value>>)
    .filter(([key]) => key.startsWith(`${PROJECT}:`))
    .map(([key, { value, objectValue }]) => [key.slice(PROJECT.length + 1), objectValue ?? value]);
  const faults = new Faults();
  const config = readProgramConfig(PROJECT, Object.fromEntries(values) as Entries, faults);
  faults.throwIfAny();
  if (config === undefined) throw new Error("the configuration cannot be read");
  return config;
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  return execFileSync(command, args, {
    encoding: "utf8",
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** The image that is built from a conda file. */
function imageOf(file: string): BuiltImage {
  const wanted = path.resolve(file);
  const found = configuration()
    .services.flatMap(({ image }) => (image.kind === "built" ? [image] : []))
    .find(({ environment }) =>
      environment.files.some(({ source }) => path.resolve(source) === wanted),
    );
  if (found === undefined) throw new Error(`no service of the selected stack has ${file}`);
  return found;
}

/** Packages of the environment, found by a build. */
function resolve(image: BuiltImage): string {
  const context = ".build/lock";
  const plan = planBuild({ image, models: [], serverFolder: "server" });
  layOut(plan, context);
  // Values come by variables of the environment: a command line is for all to read.
  const values = { ...plan.args, CREDENTIALS: JSON.stringify(image.credentials) };
  const names = Object.keys(values).flatMap((name) => ["--build-arg", name]);
  const tag = `${PROJECT}-lock`;
  const target = ["--target", "environment", "--platform", PLATFORM, "--tag", tag];
  run("docker", ["build", ...target, ...names, context], values);
  const container = run("docker", ["create", tag, "true"]).trim();
  const output = path.join(context, "installed.lock");
  run("docker", ["cp", `${container}:${INSTALLED}`, output]);
  run("docker", ["rm", container]);
  return fs.readFileSync(output, "utf8");
}

function main([file]: readonly string[]): void {
  if (file === undefined) throw new Error("usage: npm run lock -- scoring/myenv.yml");
  const lock = lockOf(file);
  const kept = `${lock}.old`;
  // Whatever an old lock says must not decide the new one.
  if (fs.existsSync(lock)) fs.renameSync(lock, kept);
  try {
    const image = imageOf(file);
    const header = `# Exact packages of ${path.basename(file)}; \`npm run lock -- ${file}\` renews them.\n`;
    const content = `${header}inputs: ${image.environment.inputs}\n${resolve(image)}`;
    fs.writeFileSync(lock, content);
    fs.rmSync(kept, { force: true });
    console.log(`wrote ${lock}`);
  } catch (error) {
    if (fs.existsSync(kept)) fs.renameSync(kept, lock);
    throw error;
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`npm run lock: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
