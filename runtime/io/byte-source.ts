/// <reference lib="esnext.disposable" preserve="true" />
/** Byte sources: the interface that everything is read through, and reads of exact lengths. */
import { requireBytes, requireOffset } from '../base/arguments.js';
import type { SignalOptions } from '../base/options.js';
import { VhdxError } from '../errors/errors.js';
import { hex } from '../base/units.js';

/** Options of one read. */
export interface SourceReadOptions extends SignalOptions {}

/** Bytes that can be read at any position: a file, a buffer, an open disk. */
export interface ByteSource {
  /** Length in bytes. */
  readonly size: number;
  /** Bytes that the host spends on the file, where that is known and means something; less than `size` if it is sparse. */
  readonly hostAllocatedSize?: number | undefined;
  /**
   * True if the file is sparse or compressed by an attribute of a Windows file system, which Hyper-V and WSL refuse; holes
   * on other file systems are not that.
   */
  readonly hostSparseAttribute?: boolean | undefined;
  /** Path of the file on this host, if it is one. */
  readonly path?: string | undefined;
  /** Names the file behind the source, where it has a name: two sources of one identity are the same file. */
  readonly identity?: string | undefined;
  /**
   * Names the state of the file's bytes: as long as the name stays the same, so do they. `undefined` where the host has
   * no such name, or has changed the file too recently for the name to tell the next change.
   */
  revision?(): Promise<string | undefined>;
  /**
   * Fills `into` from `position` (bytes, inclusive) on and returns the number of bytes read, which is less than
   * `into.length` only where the source ends.
   */
  read(into: Uint8Array, position: number, options?: SourceReadOptions): Promise<number>;
  /** Keeps writers away until the source is closed, as far as the host has a way to; throws if one has the file. */
  keepFromWriters?(): Promise<void>;
  /** Releases the source; it is not used afterwards. */
  close?(): Promise<void>;
}

/**
 * Fills `into` whole from `position` on.
 *
 * @throws VhdxError VHDX_SOURCE_SHORT_READ if the source has fewer bytes there.
 */
export async function readInto(
  source: ByteSource,
  into: Uint8Array,
  position: number,
  options?: SourceReadOptions,
): Promise<void> {
  requireBytes(into, 'into');
  let done = 0;
  while (done < into.length) {
    options?.signal?.throwIfAborted();
    const rest = done === 0 ? into : into.subarray(done);
    const count = await source.read(rest, position + done, options);
    if (count <= 0) {
      throw new VhdxError('VHDX_SOURCE_SHORT_READ', {
        fileOffset: position + done,
        message:
          `Reading ${into.length} bytes at offset ${hex(position)} gave only ${done}: ` +
          `the source ended, although it had ${source.size} bytes.`,
      });
    }
    done += count;
  }
}

/**
 * The `length` bytes from `position` on, in an array of their own.
 *
 * @throws VhdxError VHDX_SOURCE_SHORT_READ if the source has fewer bytes there.
 */
export async function readExactly(
  source: ByteSource,
  position: number,
  length: number,
  options?: SourceReadOptions,
): Promise<Uint8Array> {
  requireOffset(length, 'length');
  const bytes = new Uint8Array(length);
  await readInto(source, bytes, position, options);
  return bytes;
}

/** As `readExactly`, but what lies past the end of the source is left out. */
export async function readAvailable(
  source: ByteSource,
  position: number,
  length: number,
  options?: SourceReadOptions,
): Promise<Uint8Array> {
  return readExactly(source, position, Math.max(0, Math.min(length, source.size - position)), options);
}

/** Fills `into` whole from `position` on: what lies past the end of the source is zeros. */
export async function readPadded(
  source: ByteSource,
  into: Uint8Array,
  position: number,
  options?: SourceReadOptions,
): Promise<void> {
  const there = Math.max(0, Math.min(into.length, source.size - position));
  await readInto(source, there === into.length ? into : into.subarray(0, there), position, options);
  into.fill(0, there);
}

/** Reads `[position, end)` in pieces of at most `chunk` bytes; the buffer is used again for each. */
export async function* readChunks(
  source: ByteSource,
  position: number,
  end: number,
  chunk: number,
  options?: SourceReadOptions,
): AsyncGenerator<{ readonly position: number; readonly bytes: Uint8Array }> {
  const buffer = new Uint8Array(Math.max(0, Math.min(chunk, end - position)));
  for (let at = position; at < end; at += buffer.length) {
    const bytes = buffer.subarray(0, Math.min(buffer.length, end - at));
    await readInto(source, bytes, at, options);
    yield { position: at, bytes };
  }
}
