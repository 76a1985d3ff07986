import * as fs from "node:fs";
import * as path from "node:path";
import { readJson, writeWhole } from "./layout";
import { endProcess, identify, lives, type ProcessIdentity } from "./processes";

const EXTENSION = ".pid";

/**
 * The record of one process that outlives whoever started it: by it a later run finds the process
 * again, and never mistakes another process with the same number for it.
 */
export class PidFile {
  readonly #path: string;

  /**
   * @param folder the folder of the record.
   * @param name the name of the process, unique in the folder.
   */
  constructor(folder: string, name: string) {
    this.#path = path.join(folder, `${name}${EXTENSION}`);
  }

  /** The records in a folder. */
  static all(folder: string): PidFile[] {
    if (!fs.existsSync(folder)) return [];
    return fs
      .readdirSync(folder)
      .filter((file) => file.endsWith(EXTENSION))
      .map((file) => new PidFile(folder, file.slice(0, -EXTENSION.length)));
  }

  /**
   * Records a process that was just started.
   * @returns whether it still lives.
   */
  record(pid: number | undefined): boolean {
    const identity = pid === undefined ? undefined : identify(pid);
    if (identity !== undefined) writeWhole(this.#path, JSON.stringify(identity));
    return identity !== undefined;
  }

  /** The recorded process, if it lives. */
  living(): ProcessIdentity | undefined {
    const identity = readJson<ProcessIdentity>(this.#path);
    return identity !== undefined && lives(identity) ? identity : undefined;
  }

  /**
   * Ends the recorded process and removes the record.
   * @param grace milliseconds from SIGTERM to SIGKILL.
   * @returns whether there was a process to end.
   */
  async end(grace: number): Promise<boolean> {
    const identity = this.living();
    if (identity !== undefined) await endProcess(identity, grace);
    fs.rmSync(this.#path, { force: true });
    return identity !== undefined;
  }
}
