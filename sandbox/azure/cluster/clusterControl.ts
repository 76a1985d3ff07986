import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { AzureSettings } from "../settings";

/** How to reach a cluster that was started. */
export interface ClusterAccess {
  readonly server: string;
  /** Base64 of the API server's authority. */
  readonly caData: string;
  /** Kubeconfig with a client certificate of the cluster's administrator. */
  readonly adminKubeconfig: string;
  readonly kubernetesVersion: string;
}

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Starts, stops and deletes the one real cluster behind managed clusters. */
export class ClusterControl {
  constructor(private readonly settings: AzureSettings) {}

  async start(name: string): Promise<ClusterAccess> {
    const output = await this.run("start", name);
    const last = output.trim().split("\n").at(-1) ?? "";
    const access = JSON.parse(last) as Partial<ClusterAccess>;
    const { server, caData, adminKubeconfig, kubernetesVersion } = access;
    if (!server || !caData || !adminKubeconfig || !kubernetesVersion)
      throw new Error(
        `the cluster command answered without all of its fields: ${Object.keys(access).join(", ")}`,
      );
    return { server, caData, adminKubeconfig, kubernetesVersion };
  }

  async stop(name: string): Promise<void> {
    await this.run("stop", name);
  }

  async delete(name: string): Promise<void> {
    await this.run("delete", name);
    fs.rmSync(this.identityFile(), { force: true });
  }

  /** Tells the kubelet's image credential provider who the kubelet is. */
  writeKubeletIdentity(identity: Readonly<Record<string, string>>): void {
    fs.mkdirSync(path.dirname(this.identityFile()), { recursive: true });
    fs.writeFileSync(this.identityFile(), `${JSON.stringify(identity, null, 2)}\n`);
  }

  private identityFile(): string {
    return path.join(this.settings.sandboxDir, "kubernetes", "kubelet-identity.json");
  }

  private async run(verb: string, name: string): Promise<string> {
    const [command = "", ...args] = this.settings.cluster.command;
    try {
      const options = { maxBuffer: MAX_OUTPUT_BYTES };
      const { stdout } = await promisify(execFile)(command, [...args, verb, name], options);
      return stdout;
    } catch (error) {
      const { stderr = "" } = error as { stderr?: string };
      const reason = stderr.trim().split("\n").slice(-5).join("\n");
      throw new Error(`cluster ${verb} failed: ${reason || String(error)}`, { cause: error });
    }
  }
}
