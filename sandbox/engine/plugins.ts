import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { attempt } from "../host/command";
import { downloadsReachable, linkInto } from "./engine";
import { checkout, inState, readJson, writeWhole } from "../host/layout";
import { pulumiEnvironment } from "./environment";
import { progress } from "../host/progress";

/** The plugins whose real release works against the sandbox. */
const REAL = ["random", "kubernetes", "docker"];
/** The plugins that only ever reach Azure itself: the sandbox has a stand-in. */
const STAND_IN = ["azure-native"];

/** A plugin in use. */
export interface Plugin {
  name: string;
  version: string;
  source: "installed" | "stand-in";
}

/** Installs each real plugin where that is possible, and puts stand-ins on PATH for the others. */
export async function ensurePlugins(): Promise<Plugin[]> {
  const known = knownPlugins();
  const plugins: Plugin[] = [];
  for (const name of [...REAL, ...STAND_IN]) {
    const version = sdkVersion(name);
    const before = known.find((one) => one.name === name && one.version === version);
    plugins.push(await ensurePlugin(name, version, before));
  }
  writeWhole(inState("plugins.json"), `${JSON.stringify(plugins, undefined, 2)}\n`);
  return plugins;
}

/** The plugins that were used last; none before the first start. */
export function knownPlugins(): Plugin[] {
  return readJson<Plugin[]>(inState("plugins.json")) ?? [];
}

async function ensurePlugin(
  name: string,
  version: string,
  before: Plugin | undefined,
): Promise<Plugin> {
  const launcher = `pulumi-resource-${name}`;
  const standIn = join(checkout, "sandbox", "plugins", name, launcher);
  const real =
    before === undefined
      ? REAL.includes(name) && (await install(name, version))
      : before.source === "installed";
  // A launcher on PATH takes precedence over an installed plugin.
  if (real) rmSync(inState("bin", launcher), { force: true });
  else if (existsSync(standIn)) linkInto(launcher, standIn);
  return { name, version, source: real ? "installed" : "stand-in" };
}

async function install(name: string, version: string): Promise<boolean> {
  if (!(await downloadsReachable())) return false;
  return progress.step(`install the plugin ${name} ${version}`, async (report) => {
    const result = await attempt(
      inState("bin", "pulumi"),
      ["plugin", "install", "resource", name, version],
      { env: pulumiEnvironment(), timeout: 300_000 },
    );
    if (result.status !== 0) report("not possible here, its stand-in is used");
    return result.status === 0;
  });
}

/** The release of the SDK that the program uses is also its plugin's. */
function sdkVersion(name: string): string {
  const manifest = join(checkout, "node_modules", "@pulumi", name, "package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}
