import * as fs from "node:fs";
import type { AzureSettings } from "../azure/settings";
import { build, type GoProgram } from "../engine/goBuild";
import { caBundle, inState, writeWhole } from "../host/layout";
import { quoted } from "../host/programs";
import versions from "../versions.json";

const kubelogin: GoProgram = {
  name: "kubelogin",
  module: "kubelogin",
  package: "github.com/Azure/kubelogin",
  variables: { "main.gitTag": `v${versions.kubelogin}` },
};

/** Puts Azure's sign-in plugin for clusters on the sandbox's PATH, made to ask the emulated Entra ID. */
export async function ensureKubelogin(settings: AzureSettings): Promise<void> {
  const binary = await build(kubelogin);
  const launcher = inState("bin", "kubelogin");
  fs.rmSync(launcher, { force: true });
  writeWhole(launcher, launcherText(binary, `https://127.0.0.1:${settings.port}/`));
  fs.chmodSync(launcher, 0o755);
}

/** The launcher adds what a kubeconfig of Azure does not say: whom to ask for the token. */
export function launcherText(binary: string, authority: string): string {
  return `#!/bin/sh
# Runs kubelogin against the sandbox's Entra ID.
set -eu
export SSL_CERT_FILE=${quoted(caBundle)}
[ "\${1:-}" = get-token ] || exec ${quoted(binary)} "$@"
exec ${quoted(binary)} "$@" --authority-host ${quoted(authority)} --disable-instance-discovery \\
  --cache-dir ${quoted(inState("kubelogin"))}
`;
}
