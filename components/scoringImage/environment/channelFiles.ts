import * as fs from "node:fs";
import { fileURLToPath } from "node:url";
import { readContentFiles, type ContentFile } from "../../files/contentFiles";
import { CondaFileError } from "./condaFile";

/** Channels as the build is told them, and the files of those that are folders here. */
export interface Channels {
  readonly names: readonly string[];
  readonly files: readonly ContentFile[];
}

/** What a file needs whose packages are all pip's. */
export const NO_CHANNELS: Channels = { names: [], files: [] };

/** The folder that a channel is; undefined for a name and for any other URL. */
function folderOf(channel: string): string | undefined {
  if (channel.startsWith("file:")) return fileURLToPath(channel);
  return /^\.{0,2}\//.test(channel) ? channel : undefined;
}

/**
 * Puts channels that are folders of this machine into the build context.
 *
 * @throws CondaFileError where there is no such folder, or it is no channel.
 */
export function channelFiles(channels: readonly string[]): Channels {
  const files: ContentFile[] = [];
  const names = channels.map((channel, index) => {
    const folder = folderOf(channel);
    if (folder === undefined) return channel;
    if (!fs.existsSync(`${folder}/noarch/repodata.json`)) {
      const rule = `has the channel "${channel}", where there is no noarch/repodata.json`;
      throw new CondaFileError(rule, "name the folder of a channel with its index");
    }
    const place = `channels/${index}`;
    files.push(...readContentFiles(folder).map((f) => ({ ...f, name: `${place}/${f.name}` })));
    return `./${place}`;
  });
  return { names, files };
}
