import * as fs from "node:fs";
import * as path from "node:path";
import contract from "../../server/settings.schema.json";
import {
  inputsDigest,
  readContentFile,
  readContentFiles,
  type ContentFile,
} from "../files/contentFiles";
import type { ModelConfig } from "../registeredModel/config";
import { filesInImage } from "../modelLayout/modelLayout";
import { BUILT_ARCHITECTURE, type BuiltImage } from "./config";

/** What an image is built from, file by file. */
export interface BuildPlan {
  /** Files by their path in the build context. */
  readonly files: readonly ContentFile[];
  /** Digests of the models' files, which the scoring server checks before it loads any. */
  readonly digests: string;
  /** Arguments of the build, none of them secret. */
  readonly args: Readonly<Record<string, string>>;
  /** Tag of the image: a digest of all of the above. */
  readonly tag: string;
}

/** The platform that an image is built for, whatever machine builds it. */
export const PLATFORM = `linux/${BUILT_ARCHITECTURE}`;

const TAG_LENGTH = 16;
/** What of the server's folder the Dockerfile copies; its tests and documentation stay outside. */
const SERVER_PARTS = [
  "conda_environment",
  "copy_interpreter.py",
  "requirements-build.txt",
  "requirements-interpreter.txt",
  "requirements-old-pip.txt",
  "requirements-worker.txt",
  "requirements.txt",
  "scoring_server",
];
// Hidden files are no part of the server; other leftovers of running it are never read at all.
const HIDDEN = /(^|\/)\.[^/]*(\/|$)/;

function below(folder: string, files: readonly ContentFile[]): readonly ContentFile[] {
  return files.map((file) => ({ ...file, name: `${folder}/${file.name}` }));
}

/** Files of the scoring server that comes with the program. */
function serverFiles(folder: string): readonly ContentFile[] {
  return SERVER_PARTS.flatMap((part) => {
    const source = path.join(folder, part);
    const files = readContentFiles(source);
    return fs.statSync(source).isDirectory() ? below(part, files) : files;
  }).filter((file) => !HIDDEN.test(file.name));
}

const DIGESTS_FILE = contract["x-layout"].digests;

function modelDigests(models: readonly ModelConfig[]): string {
  const entries = models.flatMap((model) =>
    filesInImage(model).map(({ name, sha256 }) => [name, `sha256:${sha256}`]),
  );
  return `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`;
}

/** What a plan is made of besides the files of the scoring server. */
export interface BuildInputs {
  readonly image: BuiltImage;
  readonly models: readonly ModelConfig[];
  /** Folder with the Dockerfile and the scoring server. */
  readonly serverFolder: string;
}

function buildArguments(image: BuiltImage): Readonly<Record<string, string>> {
  const { environment } = image;
  return {
    BASE_IMAGE: image.baseImage,
    SERVER_IMAGE: image.serverImage,
    PACKAGES: environment.packages,
    CONDA_CHANNELS: JSON.stringify(environment.channels),
    SYSTEM_PACKAGES: image.systemPackages.join(" "),
    OPTIONAL_LIBRARIES: image.optionalLibraries.join(" "),
    ENTRY_SCRIPT: image.code[0].name,
    SERVICE_IMAGE_DESCRIPTION: image.description,
    SERVICE_IMAGE_TAGS: JSON.stringify(Object.fromEntries(Object.entries(image.tags).sort())),
  };
}

/**
 * Plans an image: which file goes where in the build context, and the tag that follows from it.
 * Equal inputs give equal tags, on any machine and at any time.
 */
export function planBuild({ image, models, serverFolder }: BuildInputs): BuildPlan {
  const files = [
    readContentFile(path.join(serverFolder, "Dockerfile")),
    ...below("server", serverFiles(serverFolder)),
    ...below("environment", image.environment.files),
    // The contract names the entry script by its own name; whatever it imports lies beside it.
    ...below("code", image.code),
    ...models.flatMap((model) => below("models", filesInImage(model))),
  ];
  const args = buildArguments(image);
  const tag = inputsDigest([PLATFORM, Object.entries(args)], files).slice(0, TAG_LENGTH);
  const hashed = { ...args, INPUTS_HASH: tag };
  return { files, digests: modelDigests(models), args: hashed, tag };
}

function place(file: ContentFile, folder: string): void {
  const target = path.join(folder, file.name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  const source = fs.realpathSync(file.source);
  try {
    // Models are large: a second name for the file costs nothing, a copy costs time and disk.
    fs.linkSync(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    fs.copyFileSync(source, target);
  }
}

/**
 * Lays a build context out on disk. The folder stays the same from run to run, so that it shows
 * as no change; a context that is there already is kept.
 *
 * @param folder where to lay it out; its parent is made when absent.
 */
export function layOut(plan: BuildPlan, folder: string): void {
  const marker = `${folder}.tag`;
  const current = fs.existsSync(folder) && fs.existsSync(marker);
  if (current && fs.readFileSync(marker, "utf8") === plan.tag) return;
  const staging = `${folder}.${process.pid}`;
  fs.rmSync(staging, { recursive: true, force: true });
  fs.mkdirSync(staging, { recursive: true });
  for (const file of plan.files) place(file, staging);
  fs.mkdirSync(path.dirname(path.join(staging, DIGESTS_FILE)), { recursive: true });
  fs.writeFileSync(path.join(staging, DIGESTS_FILE), plan.digests);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.renameSync(staging, folder);
  fs.writeFileSync(marker, plan.tag);
}
