import { stateFolder } from "../stateFolder";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import {
  daemonProcess,
  startDaemon,
  stopDaemon,
  untilServing,
} from "../../../../sandbox/host/daemons";
import { identify, lives } from "../../../../sandbox/host/processes";

const sleeper = { name: "sleeper", command: "sleep", args: ["987.65"] };

describe("daemons", () => {
  afterEach(() => stopDaemon("sleeper"));
  it("start once, and live until they are stopped", async () => {
    await startDaemon(sleeper);
    const started = daemonProcess("sleeper");
    await startDaemon(sleeper);
    expect(daemonProcess("sleeper")).toEqual(started);
    expect(await stopDaemon("sleeper")).toBe(true);
    expect(daemonProcess("sleeper")).toBeUndefined();
    expect(await stopDaemon("sleeper")).toBe(false);
  });

  it("are not mistaken for a later process with the same number", async () => {
    const bystander = spawn("sleep", ["60"]);
    await new Promise((done) => bystander.once("spawn", done));
    fs.mkdirSync(path.join(stateFolder, "run"), { recursive: true });
    const identity = { pid: bystander.pid, started: "another boot:1" };
    fs.writeFileSync(path.join(stateFolder, "run", "sleeper.pid"), JSON.stringify(identity));
    await stopDaemon("sleeper");
    expect(identify(bystander.pid ?? 0)).toBeDefined();
    bystander.kill();
  });

  it("replace the process that a run killed before its pid file left behind", async () => {
    const orphan = spawn("sleep", sleeper.args, { detached: true });
    await new Promise((done) => orphan.once("spawn", done));
    const identity = identify(orphan.pid ?? 0);
    await startDaemon(sleeper);
    expect(identity !== undefined && lives(identity)).toBe(false);
    expect(daemonProcess("sleeper")?.pid).not.toBe(orphan.pid);
  });

  it("report the end of their log when they end before they serve", async () => {
    const failing = { ...sleeper, command: "sh", args: ["-c", "echo no disk; sleep 0.2; exit 1"] };
    await startDaemon(failing);
    const serving = untilServing("sleeper", () => Promise.resolve(false), 5_000);
    await expect(serving).rejects.toThrow("no disk");
  });
});
