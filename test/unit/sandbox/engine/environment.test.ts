import { stateFolder } from "../stateFolder";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { writeSettings } from "../../../../sandbox/azure/writeSettings";
import { sandboxEnvironment, writeEnvironment } from "../../../../sandbox/engine/environment";
import { linkProgram } from "../../../../sandbox/host/programs";

const file = path.join(stateFolder, "env");
const bin = path.join(stateFolder, "bin");

beforeAll(async () => {
  await writeSettings({ kubernetesVersion: "1.99.1", isOwn: false });
  linkProgram("node", process.execPath);
  writeEnvironment();
});
function inShell(command: string, folders = "/usr/bin:/bin"): string {
  const env = { PATH: folders };
  return execFileSync("/bin/sh", ["-euc", command], { env, encoding: "utf8" }).trim();
}

describe("the file `env`", () => {
  it("gives a shell the Node.js that runs the sandbox, whatever the machine's is", () => {
    const version = inShell(`. '${file}'; node -p process.execPath`);
    expect(version).toBe(process.execPath);
  });

  it("puts the sandbox's programs first once, however often it is read", () => {
    const folders = inShell(`. '${file}'; . '${file}'; echo "$PATH"`, `/usr/bin:/bin:${bin}`);
    expect(folders).toBe(`${bin}:/usr/bin:/bin:${bin}`);
  });

  it("lets plain kubectl reach the sandbox's cluster, or the user's own", () => {
    const print = `. '${file}'; echo "$KUBECONFIG"`;
    expect(inShell(print)).toBe(path.join(stateFolder, "kubernetes", "admin.kubeconfig"));
    process.env.SANDBOX_KUBECONFIG = "/theirs/config";
    try {
      writeEnvironment();
      expect(inShell(print)).toBe("/theirs/config");
    } finally {
      delete process.env.SANDBOX_KUBECONFIG;
    }
  });

  it("has what plain clients of Azure need, for nobody else to read", () => {
    expect(inShell(`. '${file}'; echo "$ARM_CLIENT_SECRET"`)).toBe(
      sandboxEnvironment()["ARM_CLIENT_SECRET"],
    );
    expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  });
});
