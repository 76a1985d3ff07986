import * as fs from "node:fs";
import * as path from "node:path";
import { ROOT } from "./sandbox";

function filesBelow(folder: string): readonly string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(file) : entry.isFile() ? [file] : [];
  });
}

/** The sandbox's logs, except the tests' own, which has what tests asked for, secrets included. */
export function sandboxLogs(): readonly string[] {
  const logs = filesBelow(path.join(ROOT, ".sandbox/logs"));
  return logs.filter((file) => !file.endsWith("end-to-end.log"));
}
