/** `process` of the schema: what is done to bytes before they are read. `zlib` is in `zlib.ts`. */
import { ProcessError, ReadError } from './errors.js';
import { floorMod } from './values.js';

/** `bytes`, each combined with a byte of `key`, which is repeated as often as needed. */
export function processXor(bytes: Uint8Array, key: number | Uint8Array): Uint8Array {
  const keys = typeof key === 'number' ? Uint8Array.of(key) : key;
  const result = new Uint8Array(bytes);
  if (keys.length === 0) return result;
  for (let at = 0, turn = 0; at < result.length; at++, turn = turn + 1 === keys.length ? 0 : turn + 1)
    result[at] = (result[at] ?? 0) ^ (keys[turn] ?? 0);
  return result;
}

/** Rotates the bits of each byte to the left by `amount`, which may be any integer. */
export function processRotateLeft(bytes: Uint8Array, amount: number): Uint8Array {
  const left = floorMod(amount, 8);
  const result = new Uint8Array(bytes);
  for (let at = 0; at < result.length; at++) {
    const byte = result[at] ?? 0;
    result[at] = (byte << left) | (byte >>> (8 - left));
  }
  return result;
}

/** A routine of the user's own; it comes second, so that its arguments are evaluated once the bytes have been read. @throws {ProcessError} */
export function processCustom(bytes: Uint8Array, routine: { decode(bytes: Uint8Array): Uint8Array }): Uint8Array {
  try {
    return routine.decode(bytes);
  } catch (error) {
    throw error instanceof ReadError ? error : new ProcessError(error);
  }
}
