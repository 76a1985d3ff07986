import { execFile } from "node:child_process";
import * as fs from "node:fs";
import { promisify } from "node:util";
import { writeJson } from "../../host/layout";
import type { AzureSettings } from "../settings";
import { kubeletIdentityFile } from "./contract";
import type { ClusterAccess, KubeletIdentity } from "./contract";

const MAX_OUTPUT_BYTES = 16 * 1024 * 1024;

/** Starts, stops and deletes the one real cluster behind managed clusters. */
export class ClusterControl {
  constructor(private readonly settings: AzureSettings) {}

  async start(name: string): Promise<ClusterAccess> {
    const output = await this.run("start", name);
    const last = output.trim().split("\n").at(-1) ?? "";
    const access = JSON.parse(last) as Partial<ClusterAccess>;
    const { server, caData, adminKubeconfig, kubernetesVersion } = access;
    if (!server || !caData || !adminKubeconfig || !kubernetesVersion) {
      throw new Error(
        `the cluster command answered without all of its fields: ${Object.keys(access).join(", ")}`,
      );
    }
    return { server, caData, adminKubeconfig, kubernetesVersion };
  }

  async stop(name: string): Promise<void> {
    await this.run("stop", name);
  }

  async delete(name: string): Promise<void> {
    await this.run("delete", name);
    fs.rmSync(kubeletIdentityFile(this.settings.sandboxDir), { force: true });
  }

  /** Tells the kubelet's image credential provider who the kubelet is. */
  writeKubeletIdentity(identity: KubeletIdentity): void {
    writeJson(kubeletIdentityFile(this.settings.sandboxDir), identity);
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
