import * as fs from "node:fs";
import * as path from "node:path";

/** A command of the Azure CLI that the documentation or a message names. */
export interface NamedCommand {
  readonly text: string;
  /** `aks`, `nodepool`, `add` */
  readonly words: readonly string[];
  /** `--os-type` */
  readonly options: readonly string[];
}

const PLACES = ["README.md", "docs", "components", "dataplane", "sandbox/plugins"];

/** All commands in code spans of the documentation and the messages, each once. */
export function namedCommands(root: string): readonly NamedCommand[] {
  const texts = PLACES.flatMap((place) => files(path.join(root, place))).map((file) =>
    fs.readFileSync(file, "utf8"),
  );
  const spans = texts.flatMap((text) => [...text.matchAll(/`(az [a-z][^`]*)/g)]);
  const written = spans.map(([, span = ""]) => span.replace(/\\$|\$\{.*?\}/g, "").trim());
  return [...new Set(written)].sort().map((text) => {
    const [words = ""] = /^(?: [a-z][a-z-]*)*/.exec(text.slice("az".length)) ?? [];
    return {
      text,
      words: words.trim().split(" "),
      options: [...text.matchAll(/ (--[a-z-]+)/g)].map(([, option = ""]) => option),
    };
  });
}

function files(place: string): readonly string[] {
  if (fs.statSync(place).isFile()) return [place];
  const entries = fs.readdirSync(place, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && /\.(md|ts)$/.test(entry.name))
    .map((entry) => path.join(entry.parentPath, entry.name));
}
