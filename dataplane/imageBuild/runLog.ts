import type { BlobClient } from "@azure/storage-blob";
import { statusOf } from "../roleWait";

/** What of the log an error shows: enough for the failing instruction and its output. */
const TAIL_LINES = 30;

/** The log of a run: a blob that grows while the run goes on. */
export class RunLog {
  private offset = 0;
  /** Bytes after the last end of a line. */
  private rest = Buffer.alloc(0);
  private readonly last: string[] = [];
  private complete = false;

  constructor(private readonly blob: Pick<BlobClient, "getProperties" | "downloadToBuffer">) {}

  /** Whether the registry has written all of it. */
  get isComplete(): boolean {
    return this.complete;
  }

  /** Last lines of what has been read. */
  get tail(): string {
    return this.last.join("\n");
  }

  /** Lines that were added since the last call; none while there is no log yet. */
  async read(): Promise<readonly string[]> {
    let properties;
    try {
      properties = await this.blob.getProperties();
    } catch (error) {
      if (statusOf(error) === 404) return [];
      throw error;
    }
    const { contentLength = 0, metadata = {} } = properties;
    const added = contentLength - this.offset;
    const content =
      added > 0 ? await this.blob.downloadToBuffer(this.offset, added) : Buffer.alloc(0);
    this.offset += content.length;
    this.complete = Object.keys(metadata).some((key) => key.toLowerCase() === "complete");
    return this.take(content);
  }

  private take(content: Buffer): readonly string[] {
    const all = Buffer.concat([this.rest, content]);
    const end = this.complete ? all.length : all.lastIndexOf("\n") + 1;
    this.rest = all.subarray(end);
    const lines = all.subarray(0, end).toString("utf8").split(/\r?\n/);
    const telling = lines.filter((line) => line.trim() !== "");
    this.last.push(...telling);
    this.last.splice(0, this.last.length - TAIL_LINES);
    return telling;
  }
}
