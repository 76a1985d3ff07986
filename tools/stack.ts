import * as fs from "node:fs";
import { load } from "js-yaml";
import { isEntries, type Entries } from "../components/config/entries";
import { call, CommandError } from "./call";

/** A key of a stack's configuration, as Pulumi shows it. */
interface Value {
  readonly value?: string;
  readonly objectValue?: unknown;
  /** Whether there is a secret anywhere in it. */
  readonly secret?: boolean;
}

/** The configuration of a stack. */
export interface StackConfiguration {
  /** Values of the project's keys, without its name. */
  readonly values: Entries;
  /** Those of them that have a secret somewhere. */
  readonly secretKeys: readonly string[];
}

/** What Pulumi is asked, and what to do where it does not answer. */
interface Question {
  readonly args: readonly string[];
  /** What failed then: `pulumi shows no configuration`. */
  readonly failure: string;
  readonly remedy: string;
  readonly input?: string;
}

/**
 * Runs Pulumi.
 *
 * @returns what it prints.
 * @throws CommandError with the first line of its error.
 */
export function pulumi({ args, failure, remedy, input }: Question): string {
  const { error, status, stdout, stderr } = call("pulumi", args, input);
  if (error) throw new CommandError("there is no pulumi: install it and put it on PATH");
  if (status === 0) return stdout;
  const [reason = ""] = stderr.trim().split("\n");
  throw new CommandError(`${failure} (${reason}): ${remedy}`);
}

/** Name of the project, which is in front of the keys of its configuration. */
export function projectName(): string {
  const project = load(fs.readFileSync("Pulumi.yaml", "utf8"));
  const name = isEntries(project) ? project.name : undefined;
  if (typeof name === "string") return name;
  throw new CommandError("Pulumi.yaml has no name: write the name of the project into it");
}

/**
 * The configuration of a stack, with its secrets.
 *
 * @param project the name of the project.
 * @param selection arguments that name the stack; none for the selected one.
 */
export function stackConfiguration(
  project: string,
  selection: readonly string[] = [],
): StackConfiguration {
  const shown = pulumi({
    args: ["config", "--show-secrets", "--json", ...selection],
    failure: "pulumi shows no configuration",
    remedy: "select a stack by `pulumi stack select`",
  });
  const all = Object.entries(JSON.parse(shown) as Readonly<Record<string, Value>>);
  const own = all
    .filter(([key]) => key.startsWith(`${project}:`))
    .map(([key, value]) => [key.slice(project.length + 1), value] as const);
  return {
    values: Object.fromEntries(
      own.map(([key, { value, objectValue }]) => [key, objectValue ?? value]),
    ),
    secretKeys: own.filter(([, { secret }]) => secret === true).map(([key]) => key),
  };
}
