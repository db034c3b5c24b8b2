/**
 * Bytes of images and disks as streams of the npm package `kaitai-struct`, for parsers that kaitai-struct-compiler made:
 * partition tables, file systems, and what is in their files. Only this entry imports that package.
 */
import runtime from 'kaitai-struct';
import type { RangeOptions, SignalOptions } from './base/options.js';
import { readInto } from './io/byte-source.js';
import { type Bytes, toByteSource } from './io/to-byte-source.js';

/** Its type: that of the constructor and its static functions. */
export type KaitaiStreamClass = (typeof runtime)['KaitaiStream']['default'];

/** The types of the package have a module with a default export where the class itself is. */
function isClass(value: unknown): value is KaitaiStreamClass {
  return typeof value === 'function';
}

/** The class of `kaitai-struct`, the same that parsers import. */
export const KaitaiStream: KaitaiStreamClass = isClass(runtime.KaitaiStream)
  ? runtime.KaitaiStream
  : runtime.KaitaiStream.default;
export type KaitaiStream = InstanceType<KaitaiStreamClass>;

/** Part of a source to read. */
export interface KaitaiStreamOptions extends SignalOptions, RangeOptions {}

/**
 * Reads a part of an open disk, a file, a Blob or a buffer into memory, as a stream whose position 0 is `start`: parsers
 * read at once, so all of it has to be there. Give `start` and `end` for a large disk.
 *
 * @throws RangeError if `start` and `end` are no such part, or one that is too large for memory
 * @throws VhdxError as reading the source does
 */
export async function readKaitaiStream(source: Bytes, options: KaitaiStreamOptions = {}): Promise<KaitaiStream> {
  const bytes = toByteSource(source);
  const { start = 0, end = bytes.size, signal } = options;
  if (!Number.isSafeInteger(start) || !Number.isSafeInteger(end) || start < 0 || end < start || end > bytes.size) {
    throw new RangeError(`cannot read from ${start} to ${end}: the source has ${bytes.size} bytes`);
  }
  const buffer = new ArrayBuffer(end - start);
  await readInto(bytes, new Uint8Array(buffer), start, { signal });
  return new KaitaiStream(buffer);
}
