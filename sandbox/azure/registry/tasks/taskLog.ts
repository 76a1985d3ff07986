import type { AppendBlobClient } from "@azure/storage-blob";

/** How a run ended, as its log's metadata tells it. */
export type Completion = "successful" | "failed" | "canceled" | "timedout" | "internalerror";

/** The log of a run: a blob to which lines are added until it is complete. */
export class TaskLog {
  private pending = "";
  /** Lines are written one batch after the other. */
  private tail: Promise<void> = Promise.resolve();

  constructor(private readonly blob: Pick<AppendBlobClient, "appendBlock" | "setMetadata">) {}

  write(line: string): void {
    const isQueued = this.pending !== "";
    this.pending += `${line}\r\n`;
    if (isQueued) return;
    this.tail = this.tail.then(() => this.flush());
    // Whoever completes the log hears of it.
    this.tail.catch(() => undefined);
  }

  async complete(completion: Completion): Promise<void> {
    await this.tail;
    await this.blob.setMetadata({ Complete: completion });
  }

  private async flush(): Promise<void> {
    const content = Buffer.from(this.pending);
    this.pending = "";
    await this.blob.appendBlock(content, content.length);
  }
}
