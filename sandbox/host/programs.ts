import * as fs from "node:fs";
import * as path from "node:path";
import { attempt } from "./command";
import { inState } from "./layout";

/** Puts a program on the sandbox's PATH, by a link in its `bin` folder. */
export function linkProgram(name: string, target: string): void {
  linkTo(target, inState("bin", name));
}

/** Makes a link to a file, in place of whatever has its name. */
export function linkTo(target: string, link: string): void {
  fs.mkdirSync(path.dirname(link), { recursive: true });
  fs.rmSync(link, { force: true });
  fs.symlinkSync(target, link);
}

/** PATH with the sandbox's programs first, and the Node.js that runs the sandbox among them. */
export function sandboxPath(): string {
  const own = inState("bin");
  const others = (process.env.PATH ?? "").split(":").filter((folder) => folder !== own);
  return [own, ...others].join(":");
}

/** Takes a program off the sandbox's PATH. */
export function unlinkProgram(name: string): void {
  fs.rmSync(inState("bin", name), { force: true });
}

/** Whether a command is on PATH. */
export async function onPath(command: string): Promise<boolean> {
  return (await attempt("sh", ["-c", `command -v "$0"`, command])).status === 0;
}

/** A word for a POSIX shell. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
