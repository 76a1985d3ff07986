import { stateFolder } from "../stateFolder";
import { execFileSync } from "node:child_process";
import { rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { writeSettings } from "../../../../sandbox/azure/writeSettings";
import { sandboxEnvironment, writeEnvironment } from "../../../../sandbox/engine/environment";
import { linkProgram } from "../../../../sandbox/host/programs";

const file = join(stateFolder, "env");
const bin = join(stateFolder, "bin");

beforeAll(async () => {
  await writeSettings({ kubernetesVersion: "1.99.1", isOwn: false });
  linkProgram("node", process.execPath);
  writeEnvironment();
});
afterAll(() => rmSync(stateFolder, { recursive: true }));

function inShell(command: string, path = "/usr/bin:/bin"): string {
  const env = { PATH: path };
  return execFileSync("/bin/sh", ["-euc", command], { env, encoding: "utf8" }).trim();
}

describe("the file `env`", () => {
  it("gives a shell the Node.js that runs the sandbox, whatever the machine's is", () => {
    const version = inShell(`. '${file}'; node -p process.execPath`);
    expect(version).toBe(process.execPath);
  });

  it("puts the sandbox's programs first once, however often it is read", () => {
    const path = inShell(`. '${file}'; . '${file}'; echo "$PATH"`, `/usr/bin:/bin:${bin}`);
    expect(path).toBe(`${bin}:/usr/bin:/bin:${bin}`);
  });

  it("has what plain clients of Azure need, for nobody else to read", () => {
    expect(inShell(`. '${file}'; echo "$ARM_CLIENT_SECRET"`)).toBe(
      sandboxEnvironment()["ARM_CLIENT_SECRET"],
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
