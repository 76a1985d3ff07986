import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import type { SyntaxNode, SyntaxNodeRef } from "@lezer/common";
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

/** Names that an import binds: `b` of `from x import b` and `import a as b`, `a` of `import a.b`. */
function importedNames(statement: SyntaxNode, source: string): readonly string[] {
  const names: string[] = [];
  let bound: string | undefined;
  let renamed = false;
  const imported = statement.getChild("import");
  for (let node = imported?.nextSibling; node; node = node.nextSibling) {
    if (node.name === ",") {
      if (bound !== undefined) names.push(bound);
      bound = undefined;
      renamed = false;
    } else if (node.name === "VariableName" && (bound === undefined || renamed)) {
      bound = source.slice(node.from, node.to);
    } else if (node.name === "as") {
      renamed = true;
    } else if (node.name === "*") {
      // Only the imported module knows its names; it may well define what the contract asks for.
      names.push(...CONTRACT);
    }
  }
  return bound === undefined ? names : [...names, bound];
}

/** Names that an assignment binds: each of `a = b = c`, also those in a tuple or a list. */
function assignedNames(statement: SyntaxNode, source: string): readonly string[] {
  const value = statement.getChildren("AssignOp").at(-1)?.from ?? statement.from;
  const targets = (node: SyntaxNode) =>
    node.getChildren("VariableName").filter(({ from }) => from < value);
  const unpacked = ["TupleExpression", "ArrayExpression"].flatMap((type) =>
    statement.getChildren(type).filter(({ from }) => from < value),
  );
  return [statement, ...unpacked].flatMap(targets).map(({ from, to }) => source.slice(from, to));
}

function boundNames(node: SyntaxNode, source: string): readonly string[] {
  switch (node.name) {
    case "FunctionDefinition":
    case "ClassDefinition":
      // The first name is its own; what follows are the bases of a class.
      return node
        .getChildren("VariableName")
        .slice(0, 1)
        .map((name) => source.slice(name.from, name.to));
    case "AssignStatement":
      return assignedNames(node, source);
    case "ImportStatement":
      return importedNames(node, source);
    default:
      return [];
  }
}

/** True for what Python 3 may refuse although the grammar, which also reads Python 2, accepts it. */
function isDoubtful(ref: SyntaxNodeRef, source: string): boolean {
  switch (ref.name) {
    case "PrintStatement":
      return true;
    case "String":
    case "FormatString":
      return !/["']/.test(source.charAt(ref.to - 1));
    case "TryStatement":
    case "RaiseStatement":
      return ref.node.getChild(",") !== null;
    case "Comment":
      return false;
    default:
      // Nothing on the module's own level is indented.
      return (
        ref.type.isError ||
        (ref.node.parent?.name === "Script" && /[ \t]/.test(source.charAt(ref.from - 1)))
      );
  }
}

function namesDefined(source: string): { names: Set<string>; suspicious: boolean } {
  const names = new Set<string>();
  let suspicious = false;
  let depth = 0;
  const enter = (ref: SyntaxNodeRef): void => {
    suspicious ||= isDoubtful(ref, source);
    // Definitions within others are not the module's, but faults there are its faults.
    if (depth === 0) for (const name of boundNames(ref.node, source)) names.add(name);
    if (OWN_SCOPE.has(ref.name)) depth++;
  };
  const leave = (ref: SyntaxNodeRef): void => {
    if (OWN_SCOPE.has(ref.name)) depth--;
  };
  parser.parse(source).iterate({ enter, leave });
  return { names, suspicious };
}

const COMPILE = "import sys; compile(sys.stdin.buffer.read(), 'score script', 'exec')";

/**
 * The Python interpreter's error message for a source.
 *
 * @returns undefined when it compiles, and when this machine has no Python to ask: the build then
 * finds the fault.
 */
function interpreterError(source: string): string | undefined {
  try {
    execFileSync("python3", ["-c", COMPILE], { input: source, stdio: ["pipe", "ignore", "pipe"] });
    return undefined;
  } catch (failure) {
    const { stderr } = failure as { readonly stderr?: Buffer | null };
    const text = stderr ? stderr.toString().trim() : "";
    if (text === "") return undefined;
    const line = /"score script", line (\d+)/.exec(text)?.[1];
    const reason = text.slice(text.lastIndexOf("\n") + 1);
    return line === undefined ? reason : `${reason} (line ${line})`;
  }
}

/**
 * Reads a scoring script against the contract of Azure ML: a Python module with `init()` and
 * `run(raw_data)`. The grammar used here also accepts Python 2 and does not cover all of Python 3, so
 * whatever looks wrong to it is compiled by the real interpreter before it is reported as a fault.
 */
export function inspectScoreScript(source: string): ScoreScriptReport {
  // Editors on Windows put a byte order mark in front.
  const { names, suspicious } = namesDefined(source.replace(/^\uFEFF/, ""));
  const missing = CONTRACT.filter((name) => !names.has(name));
  const syntaxError = suspicious ? interpreterError(source) : undefined;
  return syntaxError === undefined ? { missing } : { missing, syntaxError };
}

/** @see inspectScoreScript */
export function inspectScoreScriptFile(path: string): ScoreScriptReport {
  return inspectScoreScript(fs.readFileSync(path, "utf8"));
}
