import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { PidFile } from "../host/pidFile";

/** A server that the emulator runs. */
export interface ChildSpec {
  /** Names the pid file and the log. */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Called when the server ends although nobody stopped it, to start it again. */
  readonly restart: () => Promise<void>;
}

const STOP_GRACE_MS = 5_000;
const READY_WITHIN_MS = 30_000;

/**
 * Servers that the emulator runs for its accounts and registries. Each has a pid file, by which an
 * emulator that was killed finds the servers it left behind and ends them before it starts its own.
 */
export class ChildProcesses {
  private readonly children = new Map<string, ChildProcess>();
  private readonly pidFolder: string;

  constructor(
    stateDir: string,
    private readonly logDir: string,
    private readonly log: (message: string) => void,
  ) {
    this.pidFolder = path.join(stateDir, "run");
    fs.mkdirSync(logDir, { recursive: true });
  }

  /** Ends what an earlier emulator of the same state folder left running. */
  async endLeftovers(): Promise<void> {
    for (const file of PidFile.all(this.pidFolder)) await file.end(STOP_GRACE_MS);
  }

  /**
   * Starts a server and waits until its output shows that it listens.
   * @param ready matched against everything the server has written so far
   * @throws with the server's last output when it ends or is not ready within 30 s
   */
  async start(spec: ChildSpec, ready: RegExp): Promise<RegExpExecArray> {
    await this.stop(spec.name);
    const log = fs.createWriteStream(path.join(this.logDir, `${spec.name}.log`), { flags: "a" });
    const child = spawn(spec.command, [...spec.args], {
      env: { ...process.env, ...spec.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.children.set(spec.name, child);
    this.pidFile(spec.name).record(child.pid);
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const match = await untilReady(child, ready, spec.name);
    child.once("exit", (code, signal) => this.ended(spec, child, code ?? signal));
    return match;
  }

  async stop(name: string): Promise<void> {
    this.children.delete(name);
    await this.pidFile(name).end(STOP_GRACE_MS);
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.children.keys()].map((name) => this.stop(name)));
  }

  private pidFile(name: string): PidFile {
    return new PidFile(this.pidFolder, name);
  }

  /** Starts a server again that was ready and ended by itself. */
  private ended({ name, restart }: ChildSpec, child: ChildProcess, reason: unknown): void {
    if (this.children.get(name) !== child) return;
    this.children.delete(name);
    this.log(`${name} ended by itself (${String(reason)})`);
    restart().catch((error: unknown) => this.log(`${name} did not restart: ${String(error)}`));
  }
}

function untilReady(child: ChildProcess, ready: RegExp, name: string): Promise<RegExpExecArray> {
  let output = "";
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer);
      reject(new Error(`${name} ${reason}: ${output.slice(-500)}`));
    };
    const timer = setTimeout(() => {
      child.kill("SIGKILL");
      fail("is not ready after 30 s");
    }, READY_WITHIN_MS);
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString("utf8")).slice(-10_000);
      const match = ready.exec(output);
      if (!match) return;
      clearTimeout(timer);
      child.stdout?.off("data", read);
      child.stderr?.off("data", read);
      resolve(match);
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("error", (error) => fail(`could not be started (${error.message})`));
    child.once("exit", (code, signal) => fail(`ended (${code ?? signal})`));
  });
}
