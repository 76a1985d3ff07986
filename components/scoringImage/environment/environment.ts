import { inputsDigest, type ContentFile } from "../../files/contentFiles";
import { channelFiles, NO_CHANNELS } from "./channelFiles";
import type { CondaFile } from "./condaFile";
import { readLock } from "./lock";
import { pipFiles } from "./pipFiles";
import { planEnvironment, type PackageSource } from "./plan";
import { pythonOf } from "./pythonVersion";

/** How the build makes the environment of a script. */
export interface ImageEnvironment {
  readonly packages: PackageSource;
  /** Channels by name, URL, or folder of the build context; empty for conda's usual ones. */
  readonly channels: readonly string[];
  /** What the conda file names, and itself, by the place below `environment/`. */
  readonly files: readonly ContentFile[];
  /** Minor version of Python that the base image needs; undefined where a channel brings Python. */
  readonly python: string | undefined;
  /** Digest of all that a lock depends on. */
  readonly inputs: string;
}

/** A conda file and what it says. */
export interface ParsedCondaFile {
  readonly file: ContentFile;
  readonly content: CondaFile;
}

/** What decides how the environment is made. */
export interface EnvironmentOptions {
  readonly packages: PackageSource;
  /** Instead of the file's own channels. */
  readonly channels?: readonly string[];
  /** Undefined where it follows from the conda file. */
  readonly baseImage?: string;
}

/**
 * Plans the environment of an image, as far as that needs no network.
 *
 * @throws CondaFileError for what cannot be served.
 */
export function imageEnvironment(
  { file, content }: ParsedCondaFile,
  { packages, channels, baseImage }: EnvironmentOptions,
): ImageEnvironment {
  const base = baseImage === undefined ? undefined : pythonOf(baseImage);
  const plan = planEnvironment(content, packages, base);
  const fromChannel = plan.specs.length > 0;
  const { names, files: ofChannels } = fromChannel
    ? channelFiles(channels ?? content.channels)
    : NO_CHANNELS;
  const files = [{ ...file, name: "myenv.yml" }, ...pipFiles(content.pip, file), ...ofChannels];
  const python = fromChannel ? undefined : plan.python;
  const inputs = inputsDigest([packages, names, python, baseImage], files);
  const lock = readLock(file, inputs);
  return { packages, channels: names, files: [...files, ...lock], python, inputs };
}
