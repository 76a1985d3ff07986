import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

/** Files by path, with their text. */
export type Files = Readonly<Record<string, string>>;

/** What the real Dockerfile may be told. */
const ARGUMENTS = [
  "BASE_IMAGE",
  "SERVER_IMAGE",
  "PACKAGES",
  "CONDA_CHANNELS",
  "SYSTEM_PACKAGES",
  "OPTIONAL_LIBRARIES",
  "ENTRY_SCRIPT",
  "SERVICE_IMAGE_DESCRIPTION",
  "SERVICE_IMAGE_TAGS",
  "INPUTS_HASH",
];

/** A small project with all the files that the configuration of the sample names. */
export const SAMPLE_PROJECT: Files = {
  "server/Dockerfile": `FROM scratch\n${ARGUMENTS.map((name) => `ARG ${name}\n`).join("")}`,
  "server/conda_environment/__init__.py": "",
  "server/copy_interpreter.py": "",
  "server/requirements-build.txt": "",
  "server/requirements-interpreter.txt": "",
  "server/requirements-old-pip.txt": "",
  "server/requirements-worker.txt": "",
  "server/requirements.txt": "",
  "server/scoring_server/__init__.py": "",
  "scoring/model.pkl": "a model",
  "scoring/score.py": "def init(): pass\ndef run(raw_data): return raw_data\n",
  "scoring/myenv.yml": "dependencies:\n  - python=3.11\n  - numpy\n",
};

/** Writes files below the working directory, with the folders they need. */
export function write(files: Files): void {
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, text);
  }
}

/** Makes each test of the file or block start in a folder of its own that holds these files. */
export function inFolderWith(files: Files): void {
  const home = process.cwd();
  let folder: string;

  beforeEach(() => {
    folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-")));
    process.chdir(folder);
    write(files);
  });

  afterEach(() => {
    process.chdir(home);
    fs.rmSync(folder, { recursive: true, force: true });
  });
}
