import * as fs from "node:fs";
import * as v from "valibot";
import { message } from "../../config/schema";
import { isFile } from "../../files/contentFiles";
import { isJson } from "./mediaType";

/**
 * What a Secret may hold, in bytes.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/secret/#restriction-data-size
 */
export const LARGEST_SECRET = 1024 * 1024;

/** A part of a sample that stands in the configuration, or in a file. */
export interface SampleContent {
  readonly bytes: Buffer;
  /** The file; undefined for what stands in the configuration. */
  readonly file: string | undefined;
}

/** Whether a part of a sample is the path of a file: a text that is not JSON. */
export function isPath(value: unknown): value is string {
  return typeof value === "string" && !isJson(value);
}

/** @param absent what to do where there is no such file. */
function faultOf(file: string, absent: string): string | undefined {
  // The parser's own message would show a part of it, which may be secret.
  if (/^\s*[[{"]/.test(file)) return message("must be valid JSON, or a path", "correct it");
  if (!isFile(file)) return message("must be JSON, or the path of a file that exists", absent);
  const { size } = fs.statSync(file);
  if (size <= LARGEST_SECRET) return undefined;
  return message(`must have at most ${LARGEST_SECRET} bytes; it has ${size}`, "make it smaller");
}

/** What a part of a sample has to be. */
interface Demand {
  /** What to do where the file that it names does not exist. */
  readonly absent: string;
  /** The message about bytes that will not do; undefined about those that will. */
  readonly fault: (bytes: Buffer) => string | undefined;
}

function read(value: unknown): SampleContent {
  if (isPath(value)) return { bytes: fs.readFileSync(value), file: value };
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return { bytes: Buffer.from(text), file: undefined };
}

/** Reads a part of a sample. */
export function sampleContent({ absent, fault }: Demand) {
  return v.pipe(
    v.unknown(),
    v.rawTransform<unknown, SampleContent>(({ dataset: { value }, addIssue, NEVER }) => {
      const unreadable = isPath(value) ? faultOf(value, absent) : undefined;
      const content = unreadable === undefined ? read(value) : undefined;
      const found = unreadable ?? (content && fault(content.bytes));
      if (found !== undefined) addIssue({ message: found });
      return content ?? NEVER;
    }),
    v.metadata({ type: "JSON or path" }),
  );
}
