/** Turns what callers have (arrays, blobs, sources) into byte sources. */
import { describeValue } from '../base/arguments.js';
import { BlobSource } from './blob-source.js';
import { MemorySource } from './memory-source.js';
import type { ByteSource } from './byte-source.js';

/** Bytes in any of the forms in which a program may already have them. */
export type Bytes = ByteSource | Blob | ArrayBufferLike | ArrayBufferView;

function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice('[object '.length, -1);
}

// By their tags, because what another window or a test environment made is no instance of the classes of this one.
function isTagged(value: unknown, ...tags: readonly string[]): boolean {
  return tags.includes(tagOf(value));
}

function isBlob(value: unknown): value is Blob {
  return isTagged(value, 'Blob', 'File');
}

function isBuffer(value: unknown): value is ArrayBufferLike {
  return isTagged(value, 'ArrayBuffer', 'SharedArrayBuffer');
}

/** Whether `value` has a method of this name. */
export function hasMethod(value: object, name: string): boolean {
  return typeof Reflect.get(value, name) === 'function';
}

function isByteSource(value: unknown): value is ByteSource {
  if (typeof value !== 'object' || value === null || !('size' in value)) return false;
  return hasMethod(value, 'read') && Number.isSafeInteger(value.size) && Number(value.size) >= 0;
}

/** How to open what is named by a text. */
function openingHint(text: string): string {
  return /^https?:/i.test(text)
    ? 'open it with `await openUrl(url)`'
    : 'open the file with `await openFile(path)` of vhdx/node';
}

/** What to do to have a source of something that is none; empty if there is nothing to say. */
export function sourceHint(value: unknown): string {
  if (typeof value === 'string') return openingHint(value);
  if (typeof value === 'number') return openingHint('');
  if (Array.isArray(value)) return 'give `Uint8Array.from(array)`';
  if (typeof value !== 'object' || value === null) return '';
  if (isTagged(value, 'URL') && 'href' in value) return openingHint(String(value.href));
  if (hasMethod(value, 'then')) return 'await it first';
  if (isTagged(value, 'Response')) return 'give `await response.arrayBuffer()`, or `await openUrl(url)`';
  if ('fd' in value && hasMethod(value, 'stat')) return 'give `await NodeHandleSource.open(handle)` of vhdx/node';
  if (Symbol.asyncIterator in value || hasMethod(value, 'getReader') || hasMethod(value, 'pipe')) {
    return 'a stream has no positions to read at: collect its bytes first';
  }
  if ('source' in value && isByteSource(value.source)) return 'give its `source`';
  if ('size' in value && hasMethod(value, 'read') && !isByteSource(value)) {
    return `its \`size\` must be a number of bytes, not ${describeValue(value.size)}`;
  }
  return '';
}

/**
 * `value` as a source: an `ArrayBuffer`, a `Uint8Array`, a `Buffer` or another view of memory, which are not copied; a
 * `Blob` or `File`; or a source, which is returned as it is.
 *
 * @throws TypeError if it is nothing of that, with the call that makes a source of it where there is one
 */
export function toByteSource(value: Bytes): ByteSource {
  if (ArrayBuffer.isView(value) || isBuffer(value)) return new MemorySource(value);
  if (isBlob(value)) return new BlobSource(value);
  if (isByteSource(value)) return value;
  const hint = sourceHint(value);
  throw new TypeError(
    `expected an ArrayBuffer, a view of one, a Blob, or a source with \`size\` and \`read\`, not ${describeValue(value)}` +
      (hint === '' ? '' : `: ${hint}`),
  );
}
