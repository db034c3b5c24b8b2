import type { BigIntStats } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import { VhdxError } from './errors.js';
import { systemCode } from './node-file-source.js';

/** Keeps other writers of this library away from a file until it is released or the process ends, however it ends. */
export interface FileLock {
  release(): Promise<void>;
}

/**
 * The name under which the writer of a file listens, or `undefined` where the host has no names that die with their
 * owner. Node offers no advisory locks, and a lock file would outlive a crash. But only one process at a time can
 * listen under a name of Linux's abstract socket namespace or on a named pipe of Windows, and the kernel takes the name
 * back when the process ends. The file is named by its identity, so that links to it count as the same file.
 */
function lockName({ dev, ino }: BigIntStats): string | undefined {
  if (process.platform === 'linux') return `\0vhdx-writer:${dev}:${ino}`;
  if (process.platform === 'win32') return String.raw`\\.\pipe\vhdx-writer-${dev}-${ino}`;
  return undefined;
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

/** Whether /proc/locks of Linux lists a lock on the file, as QEMU holds one on every image that it has open. */
async function hasForeignLock({ dev, ino }: BigIntStats): Promise<boolean> {
  if (process.platform !== 'linux') return false;
  const major = ((dev >> 8n) & 0xfffn) | ((dev >> 32n) & ~0xfffn);
  const minor = (dev & 0xffn) | ((dev >> 12n) & 0xffff_ff00n);
  const twoDigits = (part: bigint): string => part.toString(16).padStart(2, '0');
  const file = ` ${twoDigits(major)}:${twoDigits(minor)}:${ino} `;
  try {
    return (await readFile('/proc/locks', 'latin1')).split('\n').some((line) => line.includes(file));
  } catch {
    // Without /proc nothing is known of other programs.
    return false;
  }
}

function inUse(path: string, by: string): VhdxError {
  return new VhdxError('VHDX_TARGET_IN_USE', { message: `Cannot write to ${path}: ${by}.` });
}

/**
 * Claims a file, which `stats` identifies, for writing. Keeps out writers of this library on the same host, on Linux
 * those in the same network namespace (containers may have their own); on Linux it also sees the locks that other
 * programs hold, QEMU among them. On other systems than Linux and Windows there is no lock: `undefined`.
 *
 * @throws VhdxError VHDX_TARGET_IN_USE
 */
export async function lockFile(path: string, stats: BigIntStats): Promise<FileLock | undefined> {
  if (await hasForeignLock(stats)) throw inUse(path, 'another program (a virtual machine?) holds a lock on it');
  const name = lockName(stats);
  if (name === undefined) return undefined;
  let server: Server;
  try {
    server = await listen(name);
  } catch (error) {
    if (systemCode(error) === 'EADDRINUSE') throw inUse(path, 'it is already open for writing');
    // A sandbox without sockets: writing unlocked is what it would be on other systems.
    return undefined;
  }
  return {
    release: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
      }),
  };
}
