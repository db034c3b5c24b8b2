/** Locks that keep other writers away from a file. */
import { type BigIntStats, readdirSync, readFileSync } from 'node:fs';
import type { Server } from 'node:net';
import { VhdxError } from '../../errors/errors.js';
import { lockRangesForReading, lockRangesForWriting, WRITER_BYTES } from './range-lock.js';
import { systemCode } from './system-errors.js';

/** Keeps writers of this library away from a file until it is released or the process ends, however it ends. */
export interface FileLock {
  release(): Promise<void>;
}

/** What a process has a file for: to write to it, or to read it as the parent of a disk that is written. */
type Use = 'writer' | 'parent';

/** Where names are that die with the process that listens under them. */
const NAME_SPACE: string | undefined = { linux: '\0', win32: String.raw`\\.\pipe` + '\\' }[process.platform as string];

/**
 * The name that stands for a use of a file. Node offers no advisory locks, and a lock file would outlive a crash. But
 * only one process at a time can listen under a name of Linux's abstract socket namespace or on a named pipe of Windows,
 * and the kernel takes the name back when the process ends. The file is named by its identity, so that links to it count
 * as the same file.
 */
function nameOf(use: Use, { dev, ino }: BigIntStats): string {
  return `vhdx-${use}:${dev}:${ino}`.replaceAll(':', process.platform === 'win32' ? '-' : ':');
}

/** The names under which processes of the host listen; on Linux those of the same network namespace. */
function namesInUse(): string[] {
  if (process.platform === 'win32') return readdirSync(String.raw`\\.\pipe` + '\\');
  const table = readFileSync('/proc/net/unix', 'latin1');
  // The last column is the name, with an @ for each NUL: abstract names begin with one, and some end with many.
  return table.split('\n').flatMap((line) => /@(\S+?)@*$/.exec(line)?.[1] ?? []);
}

async function listen(name: string): Promise<Server> {
  // Loaded here: who only reads does not pay for it.
  const { createServer } = await import('node:net');
  // Whoever connects learns nothing.
  const server = createServer((socket) => socket.destroy());
  // A lock alone keeps no process alive.
  server.unref();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // Exclusive: the workers of a cluster would otherwise share the name.
    server.listen({ path: name, exclusive: true }, () => resolve(server));
  });
}

/** Systems whose open(2) can lock. */
const LOCKING_SYSTEMS = new Set(['darwin', 'freebsd', 'netbsd', 'openbsd']);
/** The same number on all of them; Node has no name for it. */
const O_EXLOCK = 0x20;

/**
 * What is added to the flags of an open for writing on a system of this name so that the open takes an exclusive
 * advisory lock, as flock(2) does, or fails with EAGAIN. Of other programs it keeps out only those that use flock(2).
 */
export function lockingFlags(platform: string): number {
  return LOCKING_SYSTEMS.has(platform) ? O_EXLOCK : 0;
}

/** The locks on a file that /proc/locks of Linux lists, as first and last byte; none where there is no such list. */
function locksOn({ dev, ino }: BigIntStats): (readonly [number, number])[] {
  if (process.platform !== 'linux') return [];
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffff_ff00n);
  const twoDigits = (part: bigint): string => part.toString(16).padStart(2, '0');
  const file = ` ${twoDigits(major)}:${twoDigits(minor)}:${ino} `;
  let list: string;
  try {
    list = readFileSync('/proc/locks', 'latin1');
  } catch {
    // Without /proc nothing is known of other programs.
    return [];
  }
  return list.split('\n').flatMap((line) => {
    const at = line.indexOf(file);
    if (at === -1) return [];
    const [first = '', last = ''] = line.slice(at + file.length).split(' ');
    return [[Number(first), last === 'EOF' ? Infinity : Number(last)] as const];
  });
}

function inUse(path: string, by: string): VhdxError {
  return new VhdxError('VHDX_TARGET_IN_USE', { message: `Cannot write to ${path}: ${by}.` });
}

/** Listens under `name`. On hosts without such names, and in a sandbox without sockets, there is no lock. */
async function claim(name: string, onUsed: () => VhdxError): Promise<FileLock | undefined> {
  if (NAME_SPACE === undefined) return undefined;
  let server: Server;
  try {
    server = await listen(NAME_SPACE + name);
  } catch (error) {
    if (systemCode(error) === 'EADDRINUSE') throw onUsed();
    return undefined;
  }
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}

/** Gives `lock` up if a name is in use that `isInTheWay`. Both sides claim before they look, so that one of them sees. */
async function yieldTo(
  lock: FileLock | undefined,
  isInTheWay: (name: string) => boolean,
  fault: () => VhdxError,
): Promise<FileLock | undefined> {
  if (lock === undefined) return undefined;
  let names: string[];
  try {
    names = namesInUse();
  } catch {
    return lock;
  }
  if (!names.some(isInTheWay)) return lock;
  await lock.release();
  throw fault();
}

/** As `yieldTo`, with what `isFree` finds out: false if another program has a lock in the way. */
async function yieldUnless(
  lock: FileLock | undefined,
  isFree: () => boolean,
  fault: () => VhdxError,
): Promise<FileLock | undefined> {
  if (isFree()) return lock;
  await lock?.release();
  throw fault();
}

/** A file that is to be locked. */
export interface LockedFile {
  readonly path: string;
  /** Its descriptor, for the locks that QEMU respects; a lock for writing needs one that can write. */
  readonly fd: number | undefined;
  /** What identifies the file. */
  readonly stats: BigIntStats;
}

/**
 * Claims a file for writing. Keeps out writers of this library on the same host, on Linux those in the same network
 * namespace (containers may have their own), and does not write to what one of them reads as a parent. On Linux it also
 * sees the locks that other programs hold, and takes those that QEMU respects, if their package is installed: then QEMU
 * opens the file only if it is told to share it, and no other container writes to it. Elsewhere it does nothing, and
 * gives `undefined`: see `lockingFlags`. Ends with `release` after the descriptor has been closed.
 *
 * @throws VhdxError VHDX_TARGET_IN_USE
 */
export async function lockFile({ path, fd, stats }: LockedFile): Promise<FileLock | undefined> {
  const parents = `${nameOf('parent', stats)}.`;
  const lock = await yieldTo(
    await claim(nameOf('writer', stats), () => inUse(path, 'it is already open for writing')),
    (name) => name.startsWith(parents),
    () => inUse(path, 'it is the parent of a disk that is open for writing'),
  );
  const isFree = (): boolean => locksOn(stats).length === 0 && (fd === undefined || lockRangesForWriting(fd));
  return yieldUnless(lock, isFree, () => inUse(path, 'another program (a virtual machine?) holds a lock on it'));
}

/**
 * Claims a file for reading it as the parent of a disk that is written: any number of processes may, while none writes to
 * the file, nor QEMU. As far as `lockFile` goes.
 *
 * @throws VhdxError VHDX_TARGET_IN_USE
 */
export async function lockParent({ path, fd, stats }: LockedFile): Promise<FileLock | undefined> {
  const fault = (): VhdxError =>
    new VhdxError('VHDX_TARGET_IN_USE', {
      message: `Cannot write to a child of ${path}: the parent itself is open for writing.`,
    });
  const own = `${nameOf('parent', stats)}.${globalThis.crypto.randomUUID()}`;
  const writer = nameOf('writer', stats);
  const lock = await yieldTo(await claim(own, fault), (name) => name === writer, fault);
  const isWritten = ([first, last]: readonly [number, number]): boolean =>
    WRITER_BYTES.some((byte) => first <= byte && byte <= last);
  const isFree = (): boolean => (fd === undefined || lockRangesForReading(fd)) && !locksOn(stats).some(isWritten);
  return yieldUnless(lock, isFree, fault);
}
