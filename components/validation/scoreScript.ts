import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import type { SyntaxNodeRef } from "@lezer/common";
import { parser } from "@lezer/python";

/** What reading a scoring script showed. */
export interface ScoreScriptReport {
  /** Functions of the contract that the module does not define at its top level. */
  readonly missing: readonly ("init" | "run")[];
  /** The interpreter's own words when the file is not Python. */
  readonly syntaxError?: string;
}

const CONTRACT = ["init", "run"] as const;

// The module's own level: bodies of functions and classes are not searched, branches are.
const OWN_SCOPE = new Set(["FunctionDefinition", "ClassDefinition", "LambdaExpression"]);

function namesDefined(source: string): { names: Set<string>; suspicious: boolean } {
  const names = new Set<string>();
  let suspicious = false;
  const text = (node: { from: number; to: number }) => source.slice(node.from, node.to);
  const enter = (ref: SyntaxNodeRef): boolean => {
    if (ref.type.isError) suspicious = true;
    const node = ref.node;
    if (ref.name === "FunctionDefinition") {
      const name = node.getChild("VariableName");
      if (name) names.add(text(name));
    } else if (ref.name === "AssignStatement") {
      for (const target of node.getChildren("VariableName", null, "AssignOp")) {
        names.add(text(target));
      }
    } else if (ref.name === "ImportStatement") {
      // Both `import x as run` and `from x import run`: every name in the statement counts.
      for (const imported of node.getChildren("VariableName")) names.add(text(imported));
    }
    return !OWN_SCOPE.has(ref.name);
  };
  parser.parse(source).iterate({ enter });
  return { names, suspicious };
}

const COMPILE = "import sys; compile(sys.stdin.buffer.read(), 'score script', 'exec')";

/**
 * The Python interpreter's verdict on a source text.
 *
 * @returns undefined when it compiles, and when this machine has no Python to ask: the build then
 * finds the fault.
 */
function interpreterError(source: string): string | undefined {
  try {
    execFileSync("python3", ["-c", COMPILE], { input: source, stdio: ["pipe", "ignore", "pipe"] });
    return undefined;
  } catch (failure) {
    if (!(failure instanceof Error) || !("stderr" in failure)) return undefined;
    const lines = String(failure.stderr).trim().split("\n");
    const last = lines[lines.length - 1];
    return last === "" ? undefined : last;
  }
}

/**
 * Reads a scoring script against the contract of Azure ML: a Python module with `init()` and
 * `run(raw_data)`. The grammar used here is tolerant and knows not all of Python, so anything it
 * stumbles over is put to the real interpreter before it is called a fault.
 */
export function inspectScoreScript(source: string): ScoreScriptReport {
  const { names, suspicious } = namesDefined(source);
  const missing = CONTRACT.filter((name) => !names.has(name));
  const syntaxError = suspicious ? interpreterError(source) : undefined;
  return syntaxError === undefined ? { missing } : { missing, syntaxError };
}

/** @see inspectScoreScript */
export function inspectScoreScriptFile(path: string): ScoreScriptReport {
  return inspectScoreScript(fs.readFileSync(path, "utf8"));
}
