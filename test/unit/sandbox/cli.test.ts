import { stateFolder } from "./stateFolder";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { BAD_DAY, GOOD_DAY, readFaultPlan } from "../../../sandbox/azure/faults/faultPlan";
import { statusTable, type PartStatus } from "../../../sandbox/commands/statusTable";

function sandbox(...args: string[]) {
  return spawnSync(process.execPath, ["-r", "sucrase/register", "sandbox/cli.ts", ...args], {
    cwd: path.resolve(__dirname, "../../.."),
    env: { ...process.env, SANDBOX_DIR: stateFolder, SANDBOX_KUBECONFIG: "" },
    encoding: "utf8",
  });
}

describe("the command line", () => {
  it("tells its commands when it is asked for another one", () => {
    const { status, stderr } = sandbox("restart");
    expect(status).toBe(1);
    expect(stderr).toBe(
      "sandbox: usage: sandbox/run up | down | start | stop | purge | status [--json] | faults bad-day|none\n",
    );
  });

  it("gives Azure a bad day and ends it, and knows no other weather", () => {
    expect(sandbox("faults", "bad-day").stderr).toContain("cutEvery 17");
    expect(readFaultPlan(path.join(stateFolder, "azure"))).toEqual(BAD_DAY);
    sandbox("faults", "none");
    expect(readFaultPlan(path.join(stateFolder, "azure"))).toEqual(GOOD_DAY);
    expect(sandbox("faults", "rain").stderr).toContain("usage: sandbox/run");
  });

  it("names every part in the status before the first start, and shows none as healthy", () => {
    const parts = JSON.parse(sandbox("status", "--json").stdout) as PartStatus[];
    expect(parts.map(({ part }) => part)).toEqual([
      "engine",
      "language host",
      "plugins",
      "docker",
      "base image",
      "azure",
      "azurite",
      "docker-registry",
      "kubernetes",
      "etcd",
      "containerd",
    ]);
    expect(new Set(parts.map(({ health }) => health))).toEqual(new Set(["absent"]));
  });

  it("lines up the statuses of the parts", () => {
    const table = statusTable([
      { part: "docker", health: "healthy", version: "20", address: "unix:///s", note: "own" },
      { part: "azure", health: "stopped" },
    ]);
    expect(table.split("\n")).toEqual([
      "PART    HEALTH   VERSION  ADDRESS",
      "docker  healthy  20       unix:///s  own",
      "azure   stopped",
    ]);
  });
});
