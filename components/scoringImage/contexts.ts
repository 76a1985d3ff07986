import * as fs from "node:fs";
import * as path from "node:path";
import { layOut, type BuildPlan } from "./buildContext";
import type { BuiltImage } from "./config";

/** Where build contexts lie, relative to the program. */
const HOME = ".build/contexts";

/** What says that a process needs a context: `TAG.used-by-PID`. */
const USE = /^(.+)\.used-by-(\d+)$/;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may not be signalled, and so lives.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Tags of the contexts that a living process needs. */
function tagsInUse(entries: readonly string[]): ReadonlySet<string> {
  const uses = entries.flatMap((entry) => {
    const [, tag = "", pid = ""] = USE.exec(entry) ?? [];
    return tag !== "" && isAlive(Number(pid)) ? [tag] : [];
  });
  return new Set(uses);
}

/** Removes what no living process needs, so that the folder does not grow with every change. */
function tidyUp(): void {
  const entries = fs.readdirSync(HOME);
  const used = tagsInUse(entries);
  for (const entry of entries) {
    const [tag = ""] = entry.split(".");
    if (!used.has(tag)) fs.rmSync(path.join(HOME, entry), { recursive: true, force: true });
  }
}

/**
 * Lays out the build context of an image, in a folder that follows from its content: it shows as no
 * change from run to run, whatever the stack is called, and stacks do not get into each other's way.
 * It stays until a run after this one.
 *
 * @param builder who builds from it; each has a folder of its own, to which it may add.
 * @returns the folder, relative to the program.
 */
export function contextFor(plan: BuildPlan, builder: BuiltImage["build"]): string {
  const folder = `${HOME}/${plan.tag}${builder === "docker" ? "" : `-${builder}`}`;
  fs.mkdirSync(HOME, { recursive: true });
  fs.writeFileSync(`${folder}.used-by-${process.pid}`, "");
  tidyUp();
  layOut(plan, folder);
  return folder;
}
