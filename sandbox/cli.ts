import { mkdirSync } from "node:fs";
import { ensureBaseImage } from "./parts/baseImage";
import { ensureSandboxCertificates } from "./parts/certificates";
import { ensureDocker, stopDocker } from "./parts/docker";
import { ensureEngine } from "./parts/engine";
import { writeAzureSettings } from "./parts/azureSettings";
import { writeEnvironment } from "./parts/environment";
import { inState } from "./parts/layout";
import { ensurePlugins } from "./parts/plugins";
import { ensurePrerequisites } from "./parts/prerequisites";
import { progress } from "./parts/progress";
import { SandboxError, faultText } from "./parts/sandboxError";

async function start(): Promise<void> {
  await ensurePrerequisites();
  mkdirSync(inState("pulumi"), { recursive: true });
  await ensureSandboxCertificates();
  await writeAzureSettings();
  writeEnvironment();
  await Promise.all([startEngine(), startDocker()]);
  writeEnvironment();
}

async function startEngine(): Promise<void> {
  await progress.step("Pulumi engine", async (report) => {
    const { source, version, path } = await ensureEngine();
    report(`${version} (${source}, ${path})`);
  });
  await progress.step("plugins", async (report) => {
    const plugins = await ensurePlugins();
    report(plugins.map(({ name, version, source }) => `${name} ${version} (${source})`).join(", "));
  });
}

async function startDocker(): Promise<void> {
  const host = await progress.step("Docker engine", async (report) => {
    const engine = await ensureDocker();
    report(`${engine.version} (${engine.own ? "started" : "found running"}, ${engine.host})`);
    return engine.host;
  });
  await ensureBaseImage(host);
}

async function stop(): Promise<void> {
  await progress.step("stop Docker", stopDocker);
}

const commands: Record<string, () => Promise<void>> = { start, stop };

async function main(): Promise<void> {
  const command = commands[process.argv[2] ?? ""];
  if (command === undefined) {
    throw new SandboxError(`usage: sandbox/run ${Object.keys(commands).join(" | ")}`);
  }
  await command();
}

main().catch((error: unknown) => {
  const unexpected = error instanceof Error && !(error instanceof SandboxError);
  process.stderr.write(`sandbox: ${faultText(error)}\n`);
  if (unexpected && process.env.SANDBOX_DEBUG !== undefined) console.error(error);
  process.exitCode = 1;
});
