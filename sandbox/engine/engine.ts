import * as fs from "node:fs";
import * as path from "node:path";
import { attempt } from "../host/command";
import { inCache, inState, readJson, writeJson } from "../host/layout";
import { linkProgram } from "../host/programs";
import { progress } from "../host/progress";
import versions from "../versions.json";
import { build, type GoProgram } from "./goBuild";

const DOWNLOADS = "https://get.pulumi.com/install.sh";
const LANGUAGE_HOST = "pulumi-language-nodejs";

const engine: GoProgram = {
  name: "pulumi",
  module: "pulumi",
  package: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  variables: {
    "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": `v${versions.pulumi.builtEngine}`,
  },
};

const languageHost: GoProgram = {
  name: LANGUAGE_HOST,
  module: "language-nodejs",
  package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
  variables: {},
};

/** The engine in use. */
export interface Engine {
  source: "PATH" | "download" | "built";
  version: string;
  path: string;
  /** Version of the language host for Node.js; releases bring the one of their own version. */
  languageHost: string;
}

/** Finds, downloads or builds the engine and puts it first on the sandbox's PATH. */
export async function ensureEngine(): Promise<Engine> {
  const known = knownEngine();
  if (known !== undefined && (await versionOf(known.path)) === known.version) {
    if (known.source === "built") await placeLanguageHost(known.path);
    return known;
  }
  const found = (await fromPath()) ?? (await fromDownload()) ?? (await fromSource());
  writeJson(inState("engine.json"), found);
  return found;
}

/** The engine that was used last; undefined before the first start. */
export function knownEngine(): Engine | undefined {
  return readJson<Engine>(inState("engine.json"));
}

/** Whether a release is recent enough for the program's SDK. */
export function recentEnough(version: string): boolean {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
  if (found === undefined) return false;
  for (const [index, least] of versions.pulumi.oldestEngine.split(".").map(Number).entries()) {
    const part = found[index] ?? 0;
    if (part !== least) return part > least;
  }
  return true;
}

/** Whether the engine's download site answers; asked once in each process, for 5 seconds at most. */
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
  for (const file of all.filter((line) => line !== "" && line !== own)) {
    const version = await versionOf(file);
    if (version === undefined) continue;
    if (recentEnough(version)) {
      linkProgram("pulumi", file);
      return { source: "PATH", version, path: file, languageHost: version };
    }
    progress.say(`  ${file} ${version} is older than v${versions.pulumi.oldestEngine}, not used`);
  }
  return undefined;
}

async function fromDownload(): Promise<Engine | undefined> {
  if (!(await downloadsReachable())) return undefined;
  // The npm package has the version of the engine that it downloads.
  const release = versions.pulumi.downloadedEngine;
  return progress.step(`download the Pulumi engine ${release}`, async (report) => {
    const home = inCache("pulumi");
    const env = { PULUMI_HOME: home, PULUMI_VERSION: release, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const args = ["--yes", `pulumi@${release}`, "version"];
    const result = await attempt("npx", args, { env, timeout: 600_000 });
    const file = path.join(home, "versions", release, "bin", "pulumi");
    const version = result.status === 0 ? await versionOf(file) : undefined;
    if (version === undefined) {
      report("not possible here");
      return undefined;
    }
    linkProgram("pulumi", file);
    linkProgram(LANGUAGE_HOST, path.join(path.dirname(file), LANGUAGE_HOST));
    return { source: "download", version, path: file, languageHost: version };
  });
}

async function fromSource(): Promise<Engine> {
  const file = await build(engine);
  await placeLanguageHost(file);
  linkProgram("pulumi", file);
  const version = (await versionOf(file)) ?? "unknown";
  return {
    source: "built",
    version,
    path: file,
    languageHost: `v${versions.pulumi.builtLanguageHost}`,
  };
}

/**
 * Puts the built language host beside the built engine, as a release has it. From anywhere else on PATH
 * the engine would take it too, with a warning on each run.
 */
async function placeLanguageHost(engineFile: string): Promise<void> {
  const beside = path.join(path.dirname(engineFile), LANGUAGE_HOST);
  const partial = `${beside}.${process.pid}`;
  fs.linkSync(await build(languageHost), partial);
  fs.renameSync(partial, beside);
  // Renaming does nothing where both names are of one file already.
  fs.rmSync(partial, { force: true });
  linkProgram(LANGUAGE_HOST, beside);
}

async function versionOf(file: string): Promise<string | undefined> {
  const env = { PULUMI_SKIP_UPDATE_CHECK: "true" };
  const result = await attempt(file, ["version"], { env, timeout: 20_000 }).catch(() => undefined);
  return result?.status === 0 ? result.stdout.trim() : undefined;
}
