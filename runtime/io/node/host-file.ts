/** How the host stores a file: allocated bytes, sparse attribute. */
import { type Stats, statfsSync } from 'node:fs';
import { MIB } from '../../base/units.js';

/** How the host keeps a file. */
export interface HostFile {
  /** Bytes that the host spends on it; `undefined` where it does not say. */
  readonly allocatedSize: number | undefined;
  /** See `ByteSource.hostSparseAttribute`. */
  readonly sparseAttribute: boolean;
}

/** Types of `statfs` of the NTFS drivers of Linux, the older one and `ntfs3`: there a hole needs the attribute. */
const NTFS_TYPES: readonly number[] = [0x5346_544e, 0x7366_746e];

/** What the host says of the regular file that is open as `fd`. Costs a system call more if the file has holes. */
export function hostFile(
  { blocks, size }: Pick<Stats, 'blocks' | 'size'>,
  fd: number,
  platform: NodeJS.Platform = process.platform,
): HostFile {
  // Units of 512 bytes; 0 of a file with contents means that the host does not count them.
  const allocatedSize = platform === 'win32' && blocks === 0 ? undefined : blocks * 512;
  const hasHoles = allocatedSize !== undefined && allocatedSize + MIB <= size;
  if (!hasHoles) return { allocatedSize, sparseAttribute: false };
  return { allocatedSize, sparseAttribute: platform === 'win32' || (platform === 'linux' && isOnNtfs(fd)) };
}

function isOnNtfs(fd: number): boolean {
  try {
    return NTFS_TYPES.includes(statfsSync(`/proc/self/fd/${fd}`).type);
  } catch {
    return false;
  }
}
