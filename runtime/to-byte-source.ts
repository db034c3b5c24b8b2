import { BlobSource } from './blob-source.js';
import { MemorySource } from './memory-source.js';
import type { ByteSource } from './source.js';

/** Bytes in any of the forms in which a program may already have them. */
export type Bytes = ByteSource | Blob | ArrayBufferLike | ArrayBufferView;

// By their tags, because what another window or a test environment made is no instance of the classes of this one.
function isTagged(value: unknown, ...tags: readonly string[]): boolean {
  return tags.includes(Object.prototype.toString.call(value).slice('[object '.length, -1));
}

function isBlob(value: unknown): value is Blob {
  return isTagged(value, 'Blob', 'File');
}

function isBuffer(value: unknown): value is ArrayBufferLike {
  return isTagged(value, 'ArrayBuffer', 'SharedArrayBuffer');
}

function isByteSource(value: unknown): value is ByteSource {
  if (typeof value !== 'object' || value === null || !('size' in value) || !('read' in value)) return false;
  return typeof value.size === 'number' && typeof value.read === 'function';
}

/**
 * `value` as a source: an `ArrayBuffer`, a `Uint8Array`, a `Buffer` or another view of memory, which are not copied; a
 * `Blob` or `File`; or a source, which is returned as it is.
 *
 * @throws TypeError if it is nothing of that.
 */
export function toByteSource(value: Bytes): ByteSource {
  if (ArrayBuffer.isView(value)) {
    return new MemorySource(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
  }
  if (isBuffer(value)) return new MemorySource(new Uint8Array(value));
  if (isBlob(value)) return new BlobSource(value);
  if (isByteSource(value)) return value;
  throw new TypeError('expected an ArrayBuffer, a view of one, a Blob, or a source with `size` and `read`');
}
