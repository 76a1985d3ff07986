import * as fs from "node:fs";
import * as path from "node:path";
import { Faults } from "../components/config/faults";
import { readProgramConfig, type ProgramConfig } from "../components/config/program";
import { ConfigSecrets } from "../components/config/secrets";
import type { BuiltImage } from "../components/scoringImage/config";
import { lockOf } from "../components/scoringImage/environment/lock";
import { LockError, lockedEnvironment } from "./lockedEnvironment";
import { projectName, stackConfiguration } from "./stack";

const USAGE = "name a conda file, as in `npm run lock -- scoring/myenv.yml`";

/** The configuration of the selected stack. */
function configuration(): ProgramConfig {
  const project = projectName();
  const { values, secretKeys } = stackConfiguration(project);
  const secretOnes = Object.fromEntries(secretKeys.map((key) => [key, values[key]]));
  const secrets = ConfigSecrets.of(secretOnes, {});
  const faults = new Faults(secrets);
  const config = readProgramConfig(project, values, faults, secrets);
  faults.throwIfAny();
  if (config === undefined) throw new Error("the configuration cannot be read");
  return config;
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
