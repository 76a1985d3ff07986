import { createHash } from "node:crypto";
import type { ContentFile } from "../files/contentFiles";

/** Characters of a model version: 48 bits, enough never to meet twice under one model's name. */
const VERSION_LENGTH = 12;

/** Version of a model by its content: names and digests of all files, nothing else. */
export function contentVersion(files: readonly ContentFile[]): string {
  const hash = createHash("sha256");
  for (const file of files) hash.update(`${file.name}\0${file.sha256}\n`);
  return hash.digest("hex").slice(0, VERSION_LENGTH);
}
