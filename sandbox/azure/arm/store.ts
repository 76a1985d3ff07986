import * as fs from "node:fs";
import * as path from "node:path";
import { writeJson } from "../../host/layout";
import type { JsonObject } from "../../json";
import { isWithin } from "./resourceId";

/** What ARM answers for a resource. */
export interface ResourceBody extends JsonObject {
  id: string;
  name: string;
  type: string;
  properties: JsonObject;
}

/** A resource with what only the emulator needs to know of it. */
export interface Resource {
  body: ResourceBody;
  /** Keys, ports, passwords: never part of a GET. */
  internal: JsonObject;
}

/** The stores, each a folder of the emulator's state. */
export type Shelf = "resources" | "deleted" | "operations" | "runs";

/**
 * Everything that the emulator stores: one JSON file for each entry, in a folder tree that follows the ids.
 * Every change is on disk before it is answered, so that a killed emulator loses nothing.
 */
export class Store<Entry> {
  private readonly entries = new Map<string, { id: string; entry: Entry }>();
  private readonly root: string;

  constructor(stateDir: string, shelf: Shelf) {
    this.root = path.join(stateDir, shelf);
    fs.mkdirSync(this.root, { recursive: true, mode: 0o700 });
    this.load(this.root);
  }

  get(id: string): Entry | undefined {
    return this.entries.get(id.toLowerCase())?.entry;
  }

  /** Entries at or under an id, in order of their ids. */
  under(scope: string): Entry[] {
    return [...this.entries.values()]
      .filter(({ id }) => isWithin(id, scope))
      .sort((left, right) => (left.id < right.id ? -1 : 1))
      .map(({ entry }) => entry);
  }

  all(): Entry[] {
    return [...this.entries.values()].map(({ entry }) => entry);
  }

  put(id: string, entry: Entry): void {
    const file = this.fileOf(id);
    writeJson(file, { id, entry }, 0o600);
    this.entries.set(id.toLowerCase(), { id, entry });
  }

  delete(id: string): void {
    fs.rmSync(this.fileOf(id), { force: true });
    this.entries.delete(id.toLowerCase());
    this.pruneEmpty(path.dirname(this.fileOf(id)));
  }

  /** The folder tree repeats the id; the file's name keeps an id apart from its children's folder. */
  private fileOf(id: string): string {
    const segments = id.toLowerCase().split("/").filter(Boolean).map(encodeURIComponent);
    return `${path.join(this.root, ...segments)}.json`;
  }

  private pruneEmpty(folder: string): void {
    if (folder === this.root || fs.readdirSync(folder).length > 0) return;
    fs.rmdirSync(folder);
    this.pruneEmpty(path.dirname(folder));
  }

  private load(folder: string): void {
    for (const item of fs.readdirSync(folder, { withFileTypes: true })) {
      const full = path.join(folder, item.name);
      if (item.isDirectory()) this.load(full);
      else if (item.name.endsWith(".json")) this.read(full);
      else fs.rmSync(full);
    }
  }

  private read(file: string): void {
    const { id, entry } = JSON.parse(fs.readFileSync(file, "utf8")) as { id: string; entry: Entry };
    this.entries.set(id.toLowerCase(), { id, entry });
  }
}
