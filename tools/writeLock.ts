import * as fs from "node:fs";
import * as path from "node:path";
import type { Entries } from "../components/config/entries";
import { Faults } from "../components/config/faults";
import { readProgramConfig, type ProgramConfig } from "../components/config/program";
import { ConfigSecrets } from "../components/config/secrets";
import type { BuiltImage } from "../components/scoringImage/config";
import { lockOf } from "../components/scoringImage/environment/lock";
import { call } from "./call";
import { LockError, lockedEnvironment } from "./lockedEnvironment";

const PROJECT = "azureml-aks";
const USAGE = "name a conda file, as in `npm run lock -- scoring/myenv.yml`";

interface Value {
  readonly value?: string;
  readonly objectValue?: unknown;
  /** Whether anything in it is secret. */
  readonly secret?: boolean;
}

/** The configuration of the selected stack. */
function configuration(): ProgramConfig {
  const ours = Object.entries(stackValues()).filter(([key]) => key.startsWith(`${PROJECT}:`));
  const values = valuesOf(ours);
  const secrets = ConfigSecrets.of(valuesOf(ours.filter(([, { secret }]) => secret)), {});
  const faults = new Faults(secrets);
  const config = readProgramConfig(PROJECT, values, faults, secrets);
  faults.throwIfAny();
  if (config === undefined) throw new Error("the configuration cannot be read");
  return config;
}

function valuesOf(entries: readonly (readonly [string, Value])[]): Entries {
  const values = entries.map(([key, { value, objectValue }]) => [
    key.slice(PROJECT.length + 1),
    objectValue ?? value,
  ]);
  return Object.fromEntries(values) as Entries;
}

function stackValues(): Readonly<Record<string, Value>> {
  const args = ["config", "--show-secrets", "--json"];
  const { error, status, stdout, stderr } = call("pulumi", args);
  if (error) throw new LockError("there is no pulumi: install it and put it on PATH");
  if (status !== 0) {
    const [reason = ""] = stderr.trim().split("\n");
    const remedy = "select a stack by `pulumi stack select`";
    throw new LockError(`pulumi shows no configuration (${reason}): ${remedy}`);
  }
  return JSON.parse(stdout) as Readonly<Record<string, Value>>;
}

/** The image that is built from a conda file. */
function imageOf(file: string): BuiltImage {
  const images = configuration().services.flatMap(({ image }) =>
    image.kind === "built" ? [image] : [],
  );
  const found = images.find((image) => isBuiltFrom(image, file));
  if (found !== undefined) return found;
  const remedy = "select its stack, or name the file as image.condaFile of a service";
  throw new LockError(`no service of the selected stack has ${file}: ${remedy}`);
}

function isBuiltFrom({ environment }: BuiltImage, file: string): boolean {
  const condaFile = environment.files.find(({ name }) => name === "myenv.yml");
  return condaFile !== undefined && path.resolve(condaFile.source) === path.resolve(file);
}

/**
 * Writes the lock of a conda file: the exact packages that its image gets from now on. The build's own
 * stage `environment` finds them, so that a lock is what a build without one would install today.
 *
 * @param file path of the conda file of a service of the selected stack.
 * @returns path of the lock.
 * @throws LockError, or RunError with the faults of the configuration; a lock that was there stays.
 */
export async function writeLock(file: string | undefined): Promise<string> {
  if (file === undefined) throw new LockError(USAGE);
  if (!fs.existsSync(file)) throw new LockError(`there is no ${file}: ${USAGE}`);
  const lock = lockOf(file);
  const kept = `${lock}.old`;
  // Whatever an old lock says must not decide the new one.
  if (fs.existsSync(lock)) fs.renameSync(lock, kept);
  try {
    const image = imageOf(file);
    const header = `# Exact packages of ${path.basename(file)}; \`npm run lock -- ${file}\` renews them.\n`;
    const packages = await lockedEnvironment(image);
    fs.writeFileSync(lock, `${header}inputs: ${image.environment.inputs}\n${packages}`);
    fs.rmSync(kept, { force: true });
    return lock;
  } catch (error) {
    if (fs.existsSync(kept)) fs.renameSync(kept, lock);
    throw error;
  }
}
