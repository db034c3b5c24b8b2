/** Kinds of files, their identity, and the size of block devices. */
import type { BigIntStats, Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';

/** What `stats` describes if it is nothing that can be read at a position; `undefined` for a file or block device. */
export function unsuitableKind(stats: Stats | BigIntStats): string | undefined {
  if (stats.isFile() || stats.isBlockDevice()) return undefined;
  if (stats.isDirectory()) return 'a directory';
  if (stats.isFIFO()) return 'a FIFO';
  if (stats.isSocket()) return 'a socket';
  if (stats.isCharacterDevice()) return 'a character device';
  return 'a special file';
}

/** Device and inode: the same for every path to a file. `bigint`, since file numbers of Windows do not fit a double. */
export function identityOf({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

/** Length of a block device, whose `stat` says 0: the last readable position, found by bisection. */
export async function deviceSize(handle: FileHandle): Promise<number> {
  const probe = new Uint8Array(1);
  const readable = async (position: number): Promise<boolean> => {
    try {
      return (await handle.read(probe, 0, 1, position)).bytesRead === 1;
    } catch {
      return false;
    }
  };
  if (!(await readable(0))) return 0;
  let inside = 0;
  let outside = Number.MAX_SAFE_INTEGER;
  while (outside - inside > 1) {
    const middle = inside + Math.floor((outside - inside) / 2);
    if (await readable(middle)) inside = middle;
    else outside = middle;
  }
  return outside;
}
