import * as fs from "node:fs";
import * as path from "node:path";
import { run } from "../host/command";
import { checkout, contentKey, inCache } from "../host/layout";
import { onPath } from "../host/programs";
import { progress } from "../host/progress";
import { SandboxError } from "../host/sandboxError";

/** A program that is built from a module below sandbox/go. */
export interface GoProgram {
  /** File name of the result. */
  name: string;
  /** Folder of the module below sandbox/go. */
  module: string;
  /** Package to build. */
  package: string;
  /** Values for package variables, by their full name. */
  variables: Record<string, string>;
}

/** Where the built program is kept: the same sources and settings give the same path. */
export function builtPath(program: GoProgram): string {
  const folder = moduleFolder(program);
  const sources = fs
    .readdirSync(folder)
    .filter((name) => name === "go.mod" || name === "go.sum" || name.endsWith(".go"))
    .sort()
    .map((name) => fs.readFileSync(path.join(folder, name)));
  const key = contentKey(JSON.stringify([program.package, program.variables]), ...sources);
  return inCache("build", key, program.name);
}

/** Builds the program unless the cache has it, and gives its path. */
export async function build(program: GoProgram): Promise<string> {
  const file = builtPath(program);
  if (fs.existsSync(file)) return file;
  if (!(await onPath("go"))) {
    throw new SandboxError(
      `${program.name} has to be built from source, and Go is not installed`,
      "Install Go 1.26 or newer (https://go.dev/dl/) and put it on PATH",
    );
  }
  await progress.step(`build ${program.name} from source`, () => compile(program, file));
  return file;
}

async function compile(program: GoProgram, file: string): Promise<void> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const variables = Object.entries(program.variables).map(([name, value]) => `-X ${name}=${value}`);
  const partial = `${file}.${process.pid}.partial`;
  const flags = ["-trimpath", "-buildvcs=false", `-ldflags=-s -w ${variables.join(" ")}`];
  await run("go", ["build", ...flags, "-o", partial, program.package], {
    cwd: moduleFolder(program),
    env: { CGO_ENABLED: "0", GOFLAGS: "" },
  });
  fs.renameSync(partial, file);
}

function moduleFolder(program: GoProgram): string {
  return path.join(checkout, "sandbox", "go", program.module);
}
