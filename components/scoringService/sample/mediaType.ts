import * as path from "node:path";

const BY_ENDING: Readonly<Record<string, string>> = {
  ".json": "application/json",
  ".csv": "text/csv",
  ".txt": "text/plain",
};

/** Media type as a header has it. @see https://www.rfc-editor.org/rfc/rfc9110#name-media-type */
export const MEDIA_TYPE = /^[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+(\s*;[\x20-\x7e]*)?$/;

/** Media type of a file by its ending; of JSON for what stands in no file. */
export function typeOfFile(file: string | undefined): string {
  if (file === undefined) return "application/json";
  return BY_ENDING[path.extname(file).toLowerCase()] ?? "application/octet-stream";
}

/** Whether a media type is JSON in UTF-8 for the scoring server, which then checks the body. */
export function isJsonType(type: string): boolean {
  return /^\s*((application|text)\/json|application\/[^;]+\+json)\s*$/i.test(type);
}

/** Whether a text is JSON; as for the scoring server, a byte order mark is no part of it. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text.replace(/^\uFEFF/, ""));
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
