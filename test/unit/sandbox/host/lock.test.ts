import { stateFolder } from "../stateFolder";
import { spawn, type ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { withLock } from "../../../../sandbox/host/lock";

const root = path.resolve(__dirname, "../../../..");

/** A process of its own that runs a script with `withLock` and a few functions of Node.js. */
function contender(script: string): ChildProcess {
  const code = `
    const { withLock } = require("./sandbox/host/lock.ts");
    const { mkdirSync, rmdirSync, writeFileSync } = require("node:fs");
    const { setTimeout: pause } = require("node:timers/promises");
    (async () => { ${script} })();`;
  return spawn(process.execPath, ["-r", "sucrase/register", "-e", code], {
    cwd: root,
    env: { ...process.env, SANDBOX_DIR: stateFolder },
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function status(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => child.once("exit", done));
}

/** What is done under the lock: fails when another process is inside, as the folder then exists. */
const ALONE = `async () => {
  const folder = ${JSON.stringify(path.join(stateFolder, "inside"))};
  mkdirSync(folder);
  await pause(10);
  rmdirSync(folder);
}`;

const lockFile = path.join(stateFolder, "run", "work.lock");
const gone = JSON.stringify({ pid: process.pid, started: "another boot:1" });

describe("locks", () => {
  beforeAll(() => fs.mkdirSync(path.join(stateFolder, "run"), { recursive: true }));
  it("keep a second run out and name the process that holds them", async () => {
    const inner = () => withLock("work", 0, () => Promise.resolve());
    await expect(withLock("work", 0, inner)).rejects.toThrow(String(process.pid));
  });

  it("are free again after their action, also when it failed", async () => {
    const failing = withLock("work", 0, () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(await withLock("work", 0, () => Promise.resolve("done"))).toBe("done");
  });

  it("of a process that is gone hold nobody up", async () => {
    fs.writeFileSync(lockFile, gone);
    expect(await withLock("work", 0, () => Promise.resolve("done"))).toBe("done");
  });

  it("let one process in at a time when several wait for a holder that dies", async () => {
    const hold = `async () => { console.log("held"); await pause(600_000); }`;
    const holder = contender(`await withLock("work", 0, ${hold});`);
    await new Promise((held) => holder.stdout?.once("data", held));
    const loop = `for (let i = 0; i < 5; i++) await withLock("work", 600_000, ${ALONE});`;
    const ends = Promise.all(Array.from({ length: 4 }, () => status(contender(loop))));
    holder.kill("SIGKILL");
    expect(await ends).toEqual([0, 0, 0, 0]);
  }, 60_000);

  it("let one process in when several find at the same moment that the holder is gone", async () => {
    const start = Date.now() + 1_500;
    const loop = `
      for (let moment = ${start}; moment < ${start + 3_000}; moment += 40) {
        writeFileSync(${JSON.stringify(lockFile)}, ${JSON.stringify(gone)});
        await pause(moment - Date.now());
        while (Date.now() < moment + 5);
        await withLock("work", 0, ${ALONE}).catch((error) => {
          if (error.name !== "SandboxError") throw error;
        });
      }`;
    const ends = await Promise.all(Array.from({ length: 3 }, () => status(contender(loop))));
    expect(ends).toEqual([0, 0, 0]);
  }, 60_000);
});
