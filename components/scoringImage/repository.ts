import { createHash } from "node:crypto";
import { IMAGE_NAME } from "../names/rules";

/** Two folders of this length leave room for an image's name, see `IMAGE_NAME`. */
const LONGEST = 40;
const DIGEST_LENGTH = 8;

/** A name as one path component of a repository; names that are not one get a digest, and stay apart. */
function component(name: string): string {
  if (name.length <= LONGEST && IMAGE_NAME.pattern.test(name)) return name;
  const plain = name.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  const start = plain.slice(0, LONGEST - DIGEST_LENGTH - 1).replace(/^-+|-+$/g, "");
  const digest = createHash("sha256").update(name).digest("hex").slice(0, DIGEST_LENGTH);
  return [start, digest].filter((part) => part !== "").join("-");
}

/**
 * Repository of an image. Stacks may share a registry; each has its own repositories, so that none
 * deletes another's.
 *
 * @param project any name that Pulumi allows: letters of either case, digits, and `-_.` anywhere.
 * @param stack the same.
 */
export function repositoryOf(project: string, stack: string, image: string): string {
  return `${component(project)}/${component(stack)}/${image}`;
}
