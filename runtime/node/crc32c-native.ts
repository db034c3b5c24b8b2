/** CRC-32C on Node: native code where the input is long enough to load it. */
import { createRequire } from 'node:module';
import { lengthBeforeZeros } from '../base/bytes.js';
import { crc32c as portable } from '../base/crc32c.js';

type Crc32c = (bytes: Uint8Array, previous?: number) => number;

/**
 * Loading native code takes 12 to 24 ms, and each MiB takes 0.6 ms longer without it: the headers and region tables of
 * thousands of images come nowhere near, a very long log does.
 */
const NATIVE_FROM_BYTES = 32 * 1024 * 1024;
/** Nearly all of a header or region table is zeros, which `portable` skips, and native code does not. */
const PORTABLE_BYTES = 4 * 1024;

let implementation: Crc32c = portable;
let seen = 0;

/** CRC-32C of `bytes`. `previous` is the CRC-32C of what stands before them: the results chain. */
export function crc32c(bytes: Uint8Array, previous = 0): number {
  const length = lengthBeforeZeros(bytes);
  if (length < PORTABLE_BYTES) return portable(bytes, previous);
  if (seen < NATIVE_FROM_BYTES) {
    seen += length;
    if (seen >= NATIVE_FROM_BYTES) implementation = loadNative() ?? portable;
  }
  return implementation(bytes, previous);
}

/** Undefined where there is no native code for this system: then it is slower. */
function loadNative(): Crc32c | undefined {
  try {
    const loaded: unknown = createRequire(import.meta.url)('@node-rs/crc32');
    return isNative(loaded) ? (bytes, previous) => loaded.crc32c(bytes, previous) : undefined;
  } catch {
    return undefined;
  }
}

function isNative(value: unknown): value is { readonly crc32c: Crc32c } {
  return typeof value === 'object' && value !== null && 'crc32c' in value && typeof value.crc32c === 'function';
}
