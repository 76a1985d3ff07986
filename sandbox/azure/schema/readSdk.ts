/**
 * Reads the property tree of every known resource type from the type declarations of
 * `@pulumi/azure-native`.
 */
import * as fs from "node:fs";
import { createRequire } from "node:module";
import * as path from "node:path";
import ts from "typescript";
import { DEFINITIONS } from "./definitions";
import type { ResourceSchema } from "./schema";

const sdk = path.dirname(require.resolve("@pulumi/azure-native/package.json"));

type Declarations = ReadonlyMap<string, ts.InterfaceDeclaration>;

function parse(file: string): ts.SourceFile {
  const source = fs.readFileSync(path.join(sdk, file), "utf8");
  return ts.createSourceFile(file, source, ts.ScriptTarget.Latest, false);
}

/** Interfaces of the wanted modules by `module.Name`. */
function readDeclarations(file: string, modules: ReadonlySet<string>): Declarations {
  const found = new Map<string, ts.InterfaceDeclaration>();
  parse(file).forEachChild((node) => {
    if (!ts.isModuleDeclaration(node) || !node.body || !ts.isModuleBlock(node.body)) return;
    if (!modules.has(node.name.text)) return;
    for (const statement of node.body.statements) {
      if (ts.isInterfaceDeclaration(statement)) {
        found.set(`${node.name.text}.${statement.name.text}`, statement);
      }
    }
  });
  return found;
}

function nameOf(node: ts.EntityName): string[] {
  return ts.isIdentifier(node) ? [node.text] : [...nameOf(node.left), node.right.text];
}

class SchemaReader {
  readonly types: Record<string, Record<string, string>> = {};
  readonly enums: Record<string, (string | number)[]> = {};

  constructor(private readonly declarations: Declarations) {}

  properties(members: Iterable<ts.Node>): Record<string, string> {
    const result: Record<string, string> = {};
    for (const member of members) {
      if (!ts.isPropertySignature(member) && !ts.isPropertyDeclaration(member)) continue;
      if (!member.type || !ts.isIdentifier(member.name)) continue;
      const required = !member.questionToken && !allowsUndefined(member.type);
      result[member.name.text] = this.type(member.type) + (required ? "!" : "");
    }
    return result;
  }

  private type(node: ts.TypeNode): string {
    if (ts.isUnionTypeNode(node)) return this.union(node);
    if (ts.isArrayTypeNode(node)) return `[]${this.type(node.elementType)}`;
    if (ts.isTypeLiteralNode(node)) return this.map(node);
    if (ts.isTypeReferenceNode(node)) return this.reference(node);
    const keyword = ts.tokenToString(node.kind);
    return keyword === "string" || keyword === "number" || keyword === "boolean" ? keyword : "any";
  }

  private union(node: ts.UnionTypeNode): string {
    const members = [
      ...new Set(
        node.types
          .filter((member) => member.kind !== ts.SyntaxKind.UndefinedKeyword)
          .map((member) => this.type(member)),
      ),
    ];
    const named = members.find((member) => member.slice(1) in this.enums);
    if (named && members.length <= 2) return named;
    return members.length === 1 && members[0] ? members[0] : "any";
  }

  private map(node: ts.TypeLiteralNode): string {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    return index ? `{}${this.type(index.type)}` : "any";
  }

  private reference(node: ts.TypeReferenceNode): string {
    const name = nameOf(node.typeName);
    const argument = node.typeArguments?.[0];
    if (argument && ["Input", "Output"].includes(name.at(-1) ?? "")) return this.type(argument);
    const [space, module = "", short = ""] = name;
    if (space === "enums") return this.enumeration(module, short);
    const declaration = this.declarations.get(`${module}.${short}`);
    if (!declaration) return "any";
    if (!this.types[short]) {
      this.types[short] = {};
      this.types[short] = this.properties(declaration.members);
    }
    return `@${short}`;
  }

  private enumeration(module: string, short: string): string {
    const values = loadEnums(module)[short];
    this.enums[short] = Object.values(values ?? {});
    return `@${short}`;
  }
}

type Enums = Readonly<Record<string, Readonly<Record<string, string | number>>>>;

function loadEnums(module: string): Enums {
  const load = createRequire(__filename);
  return load(path.join(sdk, "types/enums", module, "index.js")) as Enums;
}

function allowsUndefined(node: ts.TypeNode): boolean {
  if (node.kind === ts.SyntaxKind.UndefinedKeyword) return true;
  if (ts.isUnionTypeNode(node)) return node.types.some(allowsUndefined);
  return ts.isTypeReferenceNode(node) && (node.typeArguments?.some(allowsUndefined) ?? false);
}

/** Where the SDK declares a type: its module, file and class. */
export function moduleFile(token: string): { module: string; file: string; className: string } {
  const [, module = "", className = ""] = token.split(":");
  const file = `${module}/${className.charAt(0).toLowerCase()}${className.slice(1)}.d.ts`;
  return { module, file, className };
}

function readSchema(token: string, inputs: Declarations, outputs: Declarations): ResourceSchema {
  const { file, className } = moduleFile(token);
  const source = parse(file);
  const inputReader = new SchemaReader(inputs);
  const outputReader = new SchemaReader(outputs);
  let args: Record<string, string> = {};
  let state: Record<string, string> = {};
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node) && node.name.text === `${className}Args`) {
      args = inputReader.properties(node.members);
    }
    if (ts.isClassDeclaration(node) && node.name?.text === className) {
      state = outputReader.properties(node.members);
    }
  });
  return {
    inputs: args,
    outputs: state,
    types: { ...inputReader.types, ...outputReader.types },
    enums: { ...inputReader.enums, ...outputReader.enums },
  };
}

/** The schema of every known type, keyed by Pulumi token. */
export function generateSchemas(): Map<string, ResourceSchema> {
  const modules = new Set(DEFINITIONS.map(({ token }) => moduleFile(token).module));
  const inputs = readDeclarations("types/input.d.ts", modules);
  const outputs = readDeclarations("types/output.d.ts", modules);
  return new Map(DEFINITIONS.map(({ token }) => [token, readSchema(token, inputs, outputs)]));
}
