/** Reads the body of an HTTP response. */
import { httpError } from './response.js';
import type { Exchange } from './connection.js';
import { TransientError } from './retry.js';
import { KIB } from '../../base/units.js';

/** Bytes of the first array for a body whose length is not known. */
const FIRST_BYTES = 64 * KIB;

/** Reads a body of at most `limit` bytes into memory; `undefined` if it is longer. */
export async function readWhole({ readBody }: Exchange, limit: number): Promise<Uint8Array | undefined> {
  // One array, not the pieces as they come: a server may send each byte by itself.
  let whole = new Uint8Array(Math.min(limit, FIRST_BYTES));
  let length = 0;
  const tooLong = new Error('too long');
  try {
    await readBody((bytes) => {
      const end = length + bytes.length;
      if (end > limit) throw tooLong;
      if (end > whole.length) {
        const longer = new Uint8Array(Math.min(limit, Math.max(end, 2 * whole.length)));
        longer.set(whole.subarray(0, length));
        whole = longer;
      }
      whole.set(bytes, length);
      length = end;
    });
  } catch (error) {
    if (error === tooLong) return undefined;
    throw error;
  }
  return whole.slice(0, length);
}

/** Fills `into` from the body, and says how many bytes there were, and why not all if that may pass. */
export async function readPart(
  { readBody }: Exchange,
  into: Uint8Array,
  url: string,
): Promise<{ readonly length: number; readonly failure: TransientError | undefined }> {
  let length = 0;
  try {
    await readBody((bytes) => {
      if (length + bytes.length > into.length) {
        throw httpError('VHDX_SOURCE_ANSWER_INVALID', url, 'the answer has more bytes than its Content-Range says');
      }
      into.set(bytes, length);
      length += bytes.length;
    });
  } catch (error) {
    if (error instanceof TransientError) return { length, failure: error };
    throw error;
  }
  const cut = `the answer ended after ${length} of ${into.length} bytes`;
  return { length, failure: length < into.length ? new TransientError(cut) : undefined };
}
