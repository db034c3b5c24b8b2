/** `process` of the schema: what is done to bytes before they are read. */
import { KaitaiStream } from './kaitai-stream.js';
import { floorMod } from './kaitai-values.js';

export function processXor(bytes: Uint8Array, key: number | Uint8Array): Uint8Array {
  return typeof key === 'number' ? KaitaiStream.processXorOne(bytes, key) : KaitaiStream.processXorMany(bytes, key);
}

export function processRotateLeft(bytes: Uint8Array, amount: number): Uint8Array {
  return KaitaiStream.processRotateLeft(bytes, floorMod(amount, 8), 1);
}

/** A routine of the user's own; it comes second, so that its arguments are evaluated once the bytes have been read. */
export function processCustom(bytes: Uint8Array, routine: { decode(bytes: Uint8Array): Uint8Array }): Uint8Array {
  return routine.decode(bytes);
}

export function processZlib(bytes: Uint8Array): Uint8Array {
  return KaitaiStream.processZlib(bytes);
}
