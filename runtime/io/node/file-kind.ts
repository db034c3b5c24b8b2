/** Kinds of files, their identity, and the size of block devices. */
import { type BigIntStats, readSync, type Stats } from 'node:fs';

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
export function deviceSize(fd: number): number {
  const probe = new Uint8Array(1);
  const isReadable = (position: number): boolean => {
    try {
      return readSync(fd, probe, 0, 1, position) === 1;
    } catch {
      return false;
    }
  };
  if (!isReadable(0)) return 0;
  let inside = 0;
  let outside = Number.MAX_SAFE_INTEGER;
  while (outside - inside > 1) {
    const middle = inside + Math.floor((outside - inside) / 2);
    if (isReadable(middle)) inside = middle;
    else outside = middle;
  }
  return outside;
}
