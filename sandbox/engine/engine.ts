import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { attempt } from "../host/command";
import { build, type GoProgram } from "./goBuild";
import { inCache, inState, readJson, writeWhole } from "../host/layout";
import { progress } from "../host/progress";

/** Oldest engine that runs the program's SDK. */
const OLDEST = [3, 240, 0];
/** The npm launcher's release, which is also the engine's that it downloads. */
const LAUNCHER = "3.265.0";
const DOWNLOADS = "https://get.pulumi.com/install.sh";

const engine: GoProgram = {
  name: "pulumi",
  module: "pulumi",
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  variables: { "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": "v3.250.0" },
};

const languageHost: GoProgram = {
  name: "pulumi-language-nodejs",
  module: "language-nodejs",
  package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  variables: {},
};

/** The engine in use. */
export interface Engine {
  source: "PATH" | "download" | "built";
  version: string;
  path: string;
}

/** Finds, downloads or builds the engine and puts it first on the sandbox's PATH. */
export async function ensureEngine(): Promise<Engine> {
  const known = readJson<Engine>(inState("engine.json"));
  if (known !== undefined && (await versionOf(known.path)) === known.version) return known;
  const found = (await fromPath()) ?? (await fromDownload()) ?? (await fromSource());
  writeWhole(inState("engine.json"), `${JSON.stringify(found, undefined, 2)}\n`);
  return found;
}

/** The engine that was used last; undefined before the first start. */
export function knownEngine(): Engine | undefined {
  return readJson<Engine>(inState("engine.json"));
}

/** Whether a release is recent enough for the program's SDK. */
export function recentEnough(version: string): boolean {
  const match = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version);
  if (match === null) return false;
  const parts = match.slice(1).map(Number);
  for (const [index, least] of OLDEST.entries()) {
    const part = parts[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** Whether the engine's download site answers; asked once a process, for a few seconds at most. */
export function downloadsReachable(): Promise<boolean> {
  reachable ??= fetch(DOWNLOADS, { method: "HEAD", signal: AbortSignal.timeout(5_000) }).then(
    (response) => response.ok,
    () => false,
  );
  return reachable;
}

let reachable: Promise<boolean> | undefined;

async function fromPath(): Promise<Engine | undefined> {
  const own = inState("bin", "pulumi");
  const all = (await attempt("which", ["-a", "pulumi"])).stdout.split("\n");
  for (const path of all.filter((line) => line !== "" && line !== own)) {
    const version = await versionOf(path);
    if (version === undefined) continue;
    if (recentEnough(version)) return link({ source: "PATH", version, path }, []);
    progress.say(`  ${path} ${version} is older than v${OLDEST.join(".")}, not used`);
  }
  return undefined;
}

async function fromDownload(): Promise<Engine | undefined> {
  if (!(await downloadsReachable())) return undefined;
  return progress.step(`download the Pulumi engine ${LAUNCHER}`, async (report) => {
    const home = inCache("pulumi");
    const env = { PULUMI_HOME: home, PULUMI_VERSION: LAUNCHER, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const args = ["--yes", `pulumi@${LAUNCHER}`, "version"];
    const result = await attempt("npx", args, { env, timeout: 600_000 });
    const path = join(home, "versions", LAUNCHER, "bin", "pulumi");
    const version = result.status === 0 ? await versionOf(path) : undefined;
    if (version === undefined) {
      report("not possible here");
      return undefined;
    }
    return link({ source: "download", version, path }, ["pulumi-language-nodejs"]);
  });
}

async function fromSource(): Promise<Engine> {
  const host = await build(languageHost);
  const path = await build(engine);
  linkInto("pulumi-language-nodejs", host);
  const version = (await versionOf(path)) ?? "unknown";
  return link({ source: "built", version, path }, []);
}

function link(found: Engine, beside: string[]): Engine {
  linkInto("pulumi", found.path);
  for (const name of beside) linkInto(name, join(dirname(found.path), name));
  return found;
}

/** Puts a program on the sandbox's PATH. */
export function linkInto(name: string, target: string): void {
  const path = inState("bin", name);
  mkdirSync(dirname(path), { recursive: true });
  rmSync(path, { force: true });
  symlinkSync(target, path);
}

async function versionOf(path: string): Promise<string | undefined> {
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  const result = await attempt(path, ["version"], { env, timeout: 20_000 }).catch(() => undefined);
  return result?.status === 0 ? result.stdout.trim() : undefined;
}
