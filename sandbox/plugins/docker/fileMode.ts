import * as fs from "node:fs";

const PERMISSIONS = ["r", "w", "x", "r", "w", "x", "r", "w", "x"];
/** Kinds and bits beyond the permissions, with the letters that Go prints for them. */
const LETTERS: readonly (readonly [number, string])[] = [
  [0o4000, "u"],
  [0o2000, "g"],
  [0o1000, "t"],
];

/** The mode of a file or link as Go prints it: `-rw-r--r--`, `Lrwxrwxrwx`. */
export function modeString(mode: number): string {
  const isLink = (mode & fs.constants.S_IFMT) === fs.constants.S_IFLNK;
  const special = LETTERS.filter(([bit]) => (mode & bit) !== 0).map(([, letter]) => letter);
  const kind = (isLink ? "L" : "") + special.join("");
  const permissions = PERMISSIONS.map((letter, index) =>
    (mode & (1 << (8 - index))) === 0 ? "-" : letter,
  );
  return (kind || "-") + permissions.join("");
}
