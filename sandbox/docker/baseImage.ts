import * as fs from "node:fs";
import * as path from "node:path";
import { attempt, run } from "../host/command";
import { contentKey, inCache } from "../host/layout";
import { progress } from "../host/progress";
import versions from "../versions.json";

/** What service images are built upon, in place of Docker Hub's `python:3.11-slim`. */
export const BASE_IMAGE = `azureml-aks-sandbox/python:${versions.baseImage.python}`;

const SUITE = versions.baseImage.debian;
const PACKAGES = ["python3", "python3-venv", "python3-pip", "ca-certificates"];
const CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt";

/** Makes the folder tree behave like Docker Hub's image: with `python`, and a pip that may install. */
const FINISH = [
  `cp ${CERTIFICATES} "$1${CERTIFICATES}"`,
  `ln -sf python3 "$1/usr/bin/python"`,
  `rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED`,
  `rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* "$1"/usr/share/doc/* "$1"/usr/share/man/*`,
  // The host of the build sets its host name and name servers, not the image.
  `: >"$1/etc/hostname"; : >"$1/etc/resolv.conf"`,
].join("\n");

const CHANGES = [
  "ENV LANG=C.UTF-8",
  `ENV PIP_CERT=${CERTIFICATES}`,
  "ENV PIP_DISABLE_PIP_VERSION_CHECK=1",
  `ENV SSL_CERT_FILE=${CERTIFICATES}`,
  'CMD ["python3"]',
];

/** Imports the base image into the Docker engine at `host` unless it is there; makes it first where needed. */
export async function ensureBaseImage(host: string): Promise<void> {
  const key = recipeKey();
  if ((await importedKey(host)) === key) return;
  const archive = await ensureArchive(key);
  await progress.step("import the base image", async () => {
    const changes = [...CHANGES, `LABEL azureml-aks.recipe=${key}`].flatMap((line) => [
      "--change",
      line,
    ]);
    await run("docker", ["--host", host, "import", ...changes, archive, BASE_IMAGE]);
  });
}

/** The archive of the base image's file system, from the cache where it is there. */
async function ensureArchive(key: string): Promise<string> {
  const archive = inCache("base-image", key, "root.tar");
  if (fs.existsSync(archive)) return archive;
  fs.mkdirSync(path.dirname(archive), { recursive: true });
  await progress.step(
    `make the base image (Debian ${SUITE}, Python ${versions.baseImage.python})`,
    async (report) => {
      const work = fs.mkdtempSync(path.join(path.dirname(archive), "work-"));
      try {
        await assemble(work, report);
        fs.renameSync(path.join(work, "root.tar"), archive);
      } finally {
        fs.rmSync(work, { recursive: true, force: true });
      }
    },
  );
  return archive;
}

async function assemble(work: string, report: (detail: string) => void): Promise<void> {
  const root = path.join(work, "root");
  const args = ["--variant=minbase", `--include=${PACKAGES.join(",")}`, SUITE, root];
  await run("debootstrap", args, {
    log: path.join(path.dirname(work), "debootstrap.log"),
    onLine: (line) => {
      if (line.startsWith("I: ")) report(line.slice(3, 60));
    },
  });
  await run("sh", ["-euc", FINISH, "sh", root]);
  report("");
  const tar = [
    "--numeric-owner",
    "--sort=name",
    "-C",
    root,
    "-cf",
    path.join(work, "root.tar"),
    ".",
  ];
  await run("tar", tar);
}

function recipeKey(): string {
  return contentKey(SUITE, FINISH, PACKAGES.join(), CHANGES.join(), process.arch);
}

/** The key of the recipe of the image in the Docker engine; undefined when there is no such image. */
export async function importedKey(host: string): Promise<string | undefined> {
  const label = '{{index .Config.Labels "azureml-aks.recipe"}}';
  const args = ["--host", host, "image", "inspect", "--format", label, BASE_IMAGE];
  const result = await attempt("docker", args);
  return result.status === 0 ? result.stdout.trim() : undefined;
}
