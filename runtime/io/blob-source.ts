/** A `Blob` or `File` as a byte source. */
import { abortable } from './abort.js';
import { type VhdxCode, VhdxError } from '../errors/errors.js';
import { readParts } from './ranged-reads.js';
import type { ByteSource, SourceReadOptions } from './byte-source.js';
import { hex, MIB } from '../base/units.js';

/** Bytes that are asked for at once, so that a read needs little memory beside the array that it fills. */
const MAX_PART = 8 * MIB;

/** Names of the exceptions that [File API] 4.1 gives for a file that cannot be read. */
const CODES: Readonly<Record<string, VhdxCode>> = {
  NotFoundError: 'VHDX_SOURCE_CHANGED',
  NotReadableError: 'VHDX_SOURCE_CHANGED',
  SecurityError: 'VHDX_SOURCE_NOT_PERMITTED',
};

const WHAT: Partial<Record<VhdxCode, string>> = {
  VHDX_SOURCE_CHANGED: 'the file was changed, moved or deleted after it was chosen, or may not be read any more',
  VHDX_SOURCE_NOT_PERMITTED: 'permission denied',
};

function blobError(cause: unknown, name: string, position: number): VhdxError {
  const code = (cause instanceof Error ? CODES[cause.name] : undefined) ?? 'VHDX_SOURCE_IO';
  const detail = WHAT[code] ?? (cause instanceof Error ? cause.message : String(cause));
  return new VhdxError(code, { message: `Cannot read ${name} at offset ${hex(position)}: ${detail}.`, cause });
}

/**
 * A `File` that the user of a browser has chosen, or any other `Blob`. Reads only what is requested. The platform
 * detects a file that changes meanwhile by its modification time, in some browsers in whole seconds.
 */
export class BlobSource implements ByteSource {
  readonly size: number;
  readonly #blob: Blob;

  constructor(blob: Blob) {
    // Asked for here also because it makes Chromium take down how the file is now.
    this.size = blob.size;
    this.#blob = blob;
  }

  /**
   * @throws VhdxError VHDX_SOURCE_CHANGED if the file has been changed or has disappeared since it was chosen;
   * VHDX_SOURCE_NOT_PERMITTED; VHDX_SOURCE_IO. RangeError if `position` is no non-negative integer.
   */
  read(into: Uint8Array, position: number, { signal }: SourceReadOptions = {}): Promise<number> {
    return readParts(into, position, { size: this.size, maxPart: MAX_PART, signal }, async (done, count) => {
      const at = position + done;
      const bytes = await abortable(this.#bytesOf(this.#blob.slice(at, at + count), at), signal);
      into.set(bytes, done);
      return bytes.length;
    });
  }

  async #bytesOf(part: Blob, position: number): Promise<Uint8Array> {
    try {
      return new Uint8Array(await part.arrayBuffer());
    } catch (cause) {
      const name = 'name' in this.#blob && typeof this.#blob.name === 'string' ? this.#blob.name : 'the blob';
      throw blobError(cause, name, position);
    }
  }
}
