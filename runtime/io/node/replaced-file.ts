/** Locks a file that is about to be replaced. */
import { constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { type FileLock, lockFile, lockingFlags } from './file-lock.js';
import { identityOf } from './file-kind.js';
import { systemPath } from './path-bytes.js';
import { systemCode } from './system-errors.js';

/** A file that is to be replaced. Until `release` nobody opens it for writing: what they wrote would be lost. */
export interface ReplacedFile extends FileLock {
  /** Device and inode. */
  readonly identity: string;
}

const FORBIDDEN = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTSUP', 'EOPNOTSUPP']);

/** Opens a file for its locks alone. One that may be neither written nor read can still be replaced. */
async function openForLocks(path: string): Promise<FileHandle | undefined> {
  const waits = constants.O_NONBLOCK ?? 0;
  for (const flags of [constants.O_RDWR | lockingFlags(process.platform), constants.O_RDONLY]) {
    try {
      return await open(systemPath(path), flags | waits);
    } catch (cause) {
      if (!FORBIDDEN.has(systemCode(cause))) throw cause;
    }
  }
  return undefined;
}

/**
 * Locks the file at `path`, as far as `lockFile` goes.
 *
 * @throws VhdxError VHDX_TARGET_IN_USE; what the operating system says
 */
export async function lockReplaced(path: string): Promise<ReplacedFile> {
  const handle = await openForLocks(path);
  try {
    const stats = await (handle?.stat({ bigint: true }) ?? stat(systemPath(path), { bigint: true }));
    const lock = await lockFile({ path, fd: handle?.fd, stats });
    // Windows replaces no file that is open; its locks need none.
    if (process.platform === 'win32') await handle?.close();
    const release = async (): Promise<void> => {
      await handle?.close();
      await lock?.release();
    };
    return { identity: identityOf(stats), release };
  } catch (cause) {
    await handle?.close();
    throw cause;
  }
}
