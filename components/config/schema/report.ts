import * as v from "valibot";
import { adviceOf, message, type Advice } from "./advice";

/** One thing that is wrong with a value. */
export interface Finding extends Advice {
  /** Where, from the value that is being read; empty for that value itself. */
  readonly path: readonly string[];
  /** The value as found; undefined where it is absent. */
  readonly value: unknown;
}

/** Takes what is wrong; reading goes on, so that all faults are found together. */
export type Report = (finding: Finding) => void;

type Issue = v.BaseIssue<unknown>;

/** Reports through the schema library, as an action of a pipe is offered it. */
export function reportTo(addIssue: v.RawTransformContext<unknown>["addIssue"]): Report {
  return ({ path, value, rule, remedy }) => {
    const [first, ...rest] = path.map((key): v.IssuePathItem => {
      return { type: "unknown", origin: "value", input: undefined, key, value: undefined };
    });
    const text = message(rule, remedy);
    addIssue(
      first === undefined
        ? { input: value, message: text }
        : { input: value, message: text, path: [first, ...rest] },
    );
  };
}

/** What the schema library found, in our terms. */
function findingOf(issue: Issue): Finding {
  const path = (issue.path ?? []).map(({ key }) => String(key));
  return { path, value: issue.input, ...adviceOf(issue.message) };
}

/** Reports what is found below a key of what is being read. */
export function below(key: string, report: Report): Report {
  return (finding) => report({ ...finding, path: [key, ...finding.path] });
}

/** Reads a value with a schema, and reports all that is wrong with it. */
export function readWith<S extends v.GenericSchema>(
  schema: S,
  value: unknown,
  report: Report,
): v.SafeParseResult<S> {
  const result = v.safeParse(schema, value, { abortPipeEarly: true });
  for (const issue of result.issues ?? []) report(findingOf(issue));
  return result;
}
