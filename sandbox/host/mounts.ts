import { run } from "./command";

/** Detaches every mount at and below a folder, the innermost first. */
export async function unmountBelow(folder: string): Promise<void> {
  const mounts = await run("findmnt", ["--raw", "--noheadings", "--output", "TARGET"]);
  const below = mounts
    .split("\n")
    .filter((path) => path === folder || path.startsWith(`${folder}/`));
  for (const path of below.reverse()) await run("umount", ["--lazy", path]);
}
