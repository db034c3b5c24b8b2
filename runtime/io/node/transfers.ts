/** Whole reads and writes at a position of a file handle. */
import { readSync, writeSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { GIB } from '../../base/units.js';
import type { SourceReadOptions } from '../byte-source.js';
import { readParts } from '../ranged-reads.js';
import { systemError } from './system-errors.js';

/** Bytes of one call of the operating system: below 2 GiB, which is all that some can do. */
const MAX_TRANSFER = GIB;

/** A file of `size` bytes, and how it is spoken of. */
export interface OpenFile {
  readonly handle: FileHandle;
  readonly size: number;
  readonly name: string;
}

/** As `ByteSource.read`, of an open file. @throws VhdxError VHDX_SOURCE_IO and others */
export function readHandle(
  { handle, size, name }: OpenFile,
  into: Uint8Array,
  position: number,
  { signal }: SourceReadOptions = {},
): Promise<number> {
  return readParts(into, position, { size, maxPart: MAX_TRANSFER, signal }, async (done, count) => {
    try {
      return (await handle.read(into, done, count, position + done)).bytesRead;
    } catch (cause) {
      throw systemError(cause, 'read', `read ${name}`);
    }
  });
}

/** Writes all of `bytes` to `position`. */
export async function writeHandle(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const length = Math.min(bytes.length - done, MAX_TRANSFER);
    const { bytesWritten } = await handle.write(bytes, done, length, position + done);
    done += progressOf(bytesWritten);
  }
}

/** Fills `into` from `position` on; returns how many bytes there were. */
export function readFileSync(file: number, into: Uint8Array, position: number): number {
  let done = 0;
  while (done < into.length) {
    const count = readSync(file, into, done, Math.min(into.length - done, MAX_TRANSFER), position + done);
    if (count === 0) break;
    done += count;
  }
  return done;
}

/** Writes the bytes from index `start` to `end` (exclusive) to `position`. */
export function writeFileSync(file: number, bytes: Uint8Array, start: number, end: number, position: number): void {
  for (let at = start; at < end;) {
    const length = Math.min(end - at, MAX_TRANSFER);
    at += progressOf(writeSync(file, bytes, at, length, position + at - start));
  }
}

/** A file system that takes nothing, and says nothing, would be asked for ever. */
function progressOf(count: number): number {
  if (count === 0) throw new Error('nothing was written, and no reason given');
  return count;
}
