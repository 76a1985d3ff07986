import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { IN_BLOCKS } from "../blobContainer";
import { RunLog } from "./runLog";

/**
 * Packs a build context as a compressed archive and uploads it.
 *
 * @param context the folder; what is in it is at the top of the archive.
 * @param uploadUrl address of the blob, with the right to write it.
 */
export async function uploadContext(
  context: string,
  uploadUrl: string,
  abortSignal: AbortSignal,
): Promise<void> {
  const [{ create }, { BlockBlobClient }] = await Promise.all([
    import("tar"),
    import("@azure/storage-blob"),
  ]);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "build-context-"));
  try {
    const file = path.join(folder, "context.tar.gz");
    // `portable`: without owners, which mean nothing on another machine.
    await create({ file, cwd: context, gzip: true, portable: true }, fs.readdirSync(context));
    await new BlockBlobClient(uploadUrl).uploadFile(file, { ...IN_BLOCKS, abortSignal });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The log of a run, at an address with the right to read it. */
export async function openLog(logUrl: string): Promise<RunLog> {
  const { BlobClient } = await import("@azure/storage-blob");
  return new RunLog(new BlobClient(logUrl));
}
