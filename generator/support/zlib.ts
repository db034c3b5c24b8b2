/** `process: zlib` in both directions: by what the platform has, and without it as well. */
import { ZlibError, adler32, inflate } from './inflate.js';
import { Budget } from './limits.js';
import type { KaitaiStream } from './stream.js';

/** What is used of Node's `zlib`. */
interface NativeZlib {
  inflateSync(bytes: Uint8Array, options: { readonly maxOutputLength: number }): Uint8Array;
  deflateSync(bytes: Uint8Array): Uint8Array;
}

/** Node's own; browsers have only one that answers later. No import: bundlers for browsers would look for it. */
function nativeZlib(): NativeZlib | undefined {
  const { process } = globalThis as { readonly process?: { getBuiltinModule?: (id: string) => unknown } };
  return process?.getBuiltinModule?.('node:zlib') as NativeZlib | undefined;
}

/**
 * What a zlib stream holds; bytes behind its end do not count. `io` is the stream that `bytes` were read from.
 *
 * @throws {ZlibError} where it is damaged or ends early
 * @throws {LimitError} where it holds more than `limits` allow
 */
export function processZlib(bytes: Uint8Array, io?: KaitaiStream): Uint8Array {
  const budget = io?.budget ?? new Budget(undefined);
  const exceed = (): never => budget.exceed('inflated', io === undefined ? undefined : io.origin + io.pos);
  const inflated = inflateUpTo(bytes, budget.inflated, exceed);
  budget.inflated -= inflated.length;
  return inflated;
}

function inflateUpTo(bytes: Uint8Array, most: number, exceed: () => never): Uint8Array {
  const native = nativeZlib();
  if (native === undefined) return inflate(bytes, most, exceed);
  try {
    // Node takes no limit of zero, nor one above its longest buffer.
    const maxOutputLength = Math.min(Math.max(1, most), 2 ** 32 - 1);
    const { buffer, byteOffset, length } = native.inflateSync(bytes, { maxOutputLength });
    if (length <= most) return new Uint8Array(buffer, byteOffset, length);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') exceed();
    throw new ZlibError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  return exceed();
}

/**
 * A zlib stream of `bytes`: inflating gives them back, but it need not be the stream that another program made of them.
 * Compressed by Node's zlib; without it, it is stored as it is.
 */
export function unprocessZlib(bytes: Uint8Array): Uint8Array {
  const native = nativeZlib();
  return native === undefined ? storedZlib(bytes) : Uint8Array.from(native.deflateSync(bytes));
}

const MAX_STORED_BLOCK = 0xffff;

/** RFC 1950 and 1951: a zlib stream of blocks that are not compressed. */
export function storedZlib(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / MAX_STORED_BLOCK));
  const out = new Uint8Array(2 + blocks * 5 + bytes.length + 4);
  const view = new DataView(out.buffer);
  view.setUint16(0, 0x7801);
  let at = 2;
  for (let block = 0; block < blocks; block++) {
    const part = bytes.subarray(block * MAX_STORED_BLOCK, (block + 1) * MAX_STORED_BLOCK);
    out[at] = block === blocks - 1 ? 1 : 0;
    view.setUint16(at + 1, part.length, true);
    view.setUint16(at + 3, part.length ^ 0xffff, true);
    out.set(part, at + 5);
    at += 5 + part.length;
  }
  view.setUint32(at, adler32(bytes));
  return out;
}
