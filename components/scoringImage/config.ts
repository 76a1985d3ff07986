import * as fs from "node:fs";
import * as path from "node:path";
import { IMAGE_NAME } from "../validation/azureNames";
import { CondaFileError, parseCondaFile } from "../validation/condaFile";
import { readContentFiles, type ContentFile } from "../validation/contentFiles";
import { inspectScoreScriptFile } from "../validation/scoreScript";
import type { Section } from "./section";
import type { ImageConfig } from "./types";

/** Python of the image where the conda file names none. */
const DEFAULT_PYTHON = "3.11";
const NO_FILE: ContentFile = { name: "", source: "", size: 0, sha256: "" };

function existingFile(section: Section, key: string, remedy: string): string | undefined {
  const file = section.requiredString(key, remedy);
  if (file === "") return undefined;
  if (fs.existsSync(file) && fs.statSync(file).isFile()) return file;
  section.fault(key, "must name a file that exists", remedy);
  return undefined;
}

function entryScript(section: Section): ContentFile {
  const remedy = "name the Python script with init() and run(raw_data)";
  const file = existingFile(section, "entryScript", remedy);
  if (file === undefined) return NO_FILE;
  const report = inspectScoreScriptFile(file);
  if (report.syntaxError !== undefined) {
    section.fault("entryScript", `must be Python; ${report.syntaxError}`, "mend the script");
  } else if (report.missing.length > 0) {
    const missing = report.missing.map((name) => `${name}()`).join(" and ");
    section.fault("entryScript", `must define ${missing} at its top level`, remedy);
  }
  return readContentFiles(file)[0] ?? NO_FILE;
}

function besideScript(section: Section): readonly ContentFile[] {
  return section.strings("dependencies").flatMap((file) => {
    if (!fs.existsSync(file)) {
      section.fault(
        "dependencies",
        `must name files or folders; there is no "${file}"`,
        "mend the path",
      );
      return [];
    }
    const folder = fs.statSync(file).isDirectory() ? `${path.basename(path.resolve(file))}/` : "";
    return readContentFiles(file).map((found) => ({ ...found, name: `${folder}${found.name}` }));
  });
}

function condaFile(section: Section): { file: ContentFile; python: string } {
  const remedy = "name a conda environment file such as myenv.yml, with a list of dependencies";
  const file = existingFile(section, "condaFile", remedy);
  if (file === undefined) return { file: NO_FILE, python: DEFAULT_PYTHON };
  const content = readContentFiles(file)[0] ?? NO_FILE;
  try {
    const environment = parseCondaFile(fs.readFileSync(file, "utf8"));
    return { file: content, python: environment.pythonVersion ?? DEFAULT_PYTHON };
  } catch (error) {
    if (!(error instanceof CondaFileError)) throw error;
    section.fault(
      "condaFile",
      `must be a conda environment file; this one ${error.message}`,
      remedy,
    );
    return { file: content, python: DEFAULT_PYTHON };
  }
}

/** Reads `image` of one service. */
export function readImage(section: Section, serviceName: string): ImageConfig {
  const name = section.string("name", serviceName);
  if (!IMAGE_NAME.pattern.test(name)) {
    section.fault("name", IMAGE_NAME.rule, "choose a name by this rule");
  }
  const conda = condaFile(section);
  const image = {
    name,
    description: section.string("description", ""),
    tags: section.stringMap("tags"),
    code: [entryScript(section), ...besideScript(section)],
    condaFile: conda.file,
    baseImage: section.string("baseImage", `python:${conda.python}-slim-bookworm`),
  };
  section.close();
  return image;
}
