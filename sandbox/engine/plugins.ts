import * as fs from "node:fs";
import * as path from "node:path";
import { attempt } from "../host/command";
import { checkout, inState, readJson, writeJson } from "../host/layout";
import { linkTo, unlinkProgram } from "../host/programs";
import { progress } from "../host/progress";
import versions from "../versions.json";
import { downloadsReachable } from "./engine";
import { pulumiEnvironment } from "./environment";

/** The plugins that have a stand-in, and whether their real release works against the sandbox. */
const REAL_WORKS = {
  random: true,
  kubernetes: true,
  docker: true,
  // It only ever reaches Azure itself.
  "azure-native": false,
} as const;

type PluginName = keyof typeof REAL_WORKS;

/** A plugin in use. */
export interface Plugin {
  name: PluginName;
  version: string;
  source: "installed" | "stand-in";
}

/** Installs each real plugin where that is possible, and stand-ins for the others. */
export async function ensurePlugins(): Promise<Plugin[]> {
  const known = knownPlugins();
  const plugins: Plugin[] = [];
  for (const name of Object.keys(REAL_WORKS) as PluginName[]) {
    const version = versions.plugins[name];
    const before = known.find((one) => one.name === name && one.version === version);
    const isReal = before === undefined ? await install(name, version) : isInstalled(before);
    // A launcher on PATH takes precedence over an installed plugin, and the engine warns of it each time.
    unlinkProgram(launcherOf(name));
    if (!isReal) placePlugin(name, standInFor(name));
    plugins.push({ name, version, source: isReal ? "installed" : "stand-in" });
  }
  writeJson(inState("plugins.json"), plugins);
  return plugins;
}

/** The plugins that were used last; none before the first start. */
export function knownPlugins(): Plugin[] {
  return readJson<Plugin[]>(inState("plugins.json")) ?? [];
}

/** Lets the engine run a program as a plugin, until the next start of the sandbox places its own. */
export function placePlugin(name: PluginName, program: string): void {
  linkTo(program, path.join(pluginFolder(name, versions.plugins[name]), launcherOf(name)));
}

/** The stand-in for a plugin. */
export function standInFor(name: PluginName): string {
  return path.join(checkout, "sandbox", "plugins", name, launcherOf(name));
}

function launcherOf(name: PluginName): string {
  return `pulumi-resource-${name}`;
}

/** Where the engine keeps an installed plugin. */
function pluginFolder(name: PluginName, version: string): string {
  return inState("pulumi-home", "plugins", `resource-${name}-v${version}`);
}

function isInstalled({ source }: Plugin): boolean {
  return source === "installed";
}

/** Installs the real plugin; false where that is not possible or of no use. */
async function install(name: PluginName, version: string): Promise<boolean> {
  if (!REAL_WORKS[name] || !(await downloadsReachable())) return false;
  // The engine would take a stand-in for the plugin, and install nothing.
  fs.rmSync(pluginFolder(name, version), { recursive: true, force: true });
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
