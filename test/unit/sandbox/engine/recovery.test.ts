import { stateFolder } from "../stateFolder";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { isEngineOfRun, removeDeadLocks } from "../../../../sandbox/engine/recovery";

describe("the engine's locks", () => {
  const folder = path.join(
    stateFolder,
    "pulumi",
    ".pulumi",
    "locks",
    "organization",
    "p",
    "sandbox",
  );

  function lock(name: string, host: string, pid: number): string {
    fs.mkdirSync(folder, { recursive: true });
    const file = path.join(folder, `${name}.json`);
    fs.writeFileSync(file, JSON.stringify({ pid, username: "u", hostname: host, timestamp: "t" }));
    return file;
  }

  it("go when their process is gone, and only then", () => {
    const dead = lock("dead", os.hostname(), 4_194_305);
    const alive = lock("alive", os.hostname(), process.pid);
    const elsewhere = lock("elsewhere", "another-host", 4_194_305);
    removeDeadLocks();
    expect([dead, alive, elsewhere].map(fs.existsSync)).toEqual([false, true, true]);
  });
});

describe("an engine without a parent", () => {
  it("is one of a killed run's, and never one that a user started by hand", () => {
    const ours = "pulumi up --yes --skip-preview --stack sandbox --non-interactive";
    expect(isEngineOfRun(ours)).toBe(true);
    expect(isEngineOfRun(ours.replace(" up ", " destroy "))).toBe(true);
    expect(isEngineOfRun("pulumi up --stack sandbox")).toBe(false);
    expect(isEngineOfRun(`/opt/other/${ours}`)).toBe(false);
  });
});
