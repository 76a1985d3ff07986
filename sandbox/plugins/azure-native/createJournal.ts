import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/**
 * Creations that the engine may not have recorded. An entry is written before the request goes out
 * and removed when the engine next speaks of the resource, which proves that it is in the state. So
 * after the engine was killed in between, the next `up` may finish exactly its own creation, while
 * any other existing resource is refused as the real plugin refuses it.
 */
export class CreateJournal {
  /** @param folder undefined outside the sandbox: then nothing is ever taken up again */
  constructor(private readonly folder: string | undefined) {}

  begin(id: string, urn: string): void {
    if (!this.folder) return;
    fs.mkdirSync(this.folder, { recursive: true });
    fs.writeFileSync(this.fileOf(id), `${JSON.stringify({ id, urn }, null, 2)}\n`);
  }

  /** Whether the resource comes from a creation under the same URN that nobody recorded. */
  isUnfinished(id: string, urn: string): boolean {
    const file = this.fileOf(id);
    if (!this.folder || !fs.existsSync(file)) return false;
    return (JSON.parse(fs.readFileSync(file, "utf8")) as { urn: string }).urn === urn;
  }

  /** The engine knows the resource. */
  acknowledge(id: string): void {
    if (this.folder) fs.rmSync(this.fileOf(id), { force: true });
  }

  private fileOf(id: string): string {
    const key = createHash("sha256").update(id.toLowerCase()).digest("hex").slice(0, 32);
    return path.join(this.folder ?? "", `${key}.json`);
  }
}
